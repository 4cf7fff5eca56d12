/** What the tabs of a subject are called and say: somebody acts, a bucket is acted on, an address is called from, an agent called with. */
import type { SubjectRole } from '../../../shared/subjects.ts';

interface RevertWords {
  title: string;
  loading: string;
  none: string;
  /** Head of a note; the value is Markdown already. */
  noted: (value: string) => string;
}

export const REVERT_WORDS: Record<SubjectRole, RevertWords> = {
  actor: {
    title: 'What it left behind',
    loading: 'what it left behind',
    none: 'It created, changed, deleted or shared nothing',
    noted: (value) => `What ${value} left behind`,
  },
  thing: changed('on it', (value) => `on ${value}`),
  place: changed('from it', (value) => `from ${value}`),
  tool: changed('with it', (value) => `with ${value}`),
  other: changed('there', (value) => `in events of ${value}`),
};

function changed(it: string, named: (value: string) => string): RevertWords {
  return {
    title: `What was changed ${it}`,
    loading: `what was changed ${it}`,
    none: `Nothing was created, changed, deleted or shared ${it}`,
    noted: (value) => `What was changed ${named(value)}`,
  };
}

/** Titles of the sections of the behaviour tab that speak of an actor. */
export const SECTION_WORDS: Record<'authentication' | 'permissions', (role: SubjectRole) => string> = {
  authentication: (role) => (role === 'actor' ? 'How it authenticated' : 'How its callers authenticated'),
  permissions: (role) => (role === 'actor' ? 'What it could do' : 'What its callers could do'),
};
