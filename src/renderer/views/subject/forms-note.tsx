/** Says by which other values a resource is named: what is counted together on its page, and what may be the same. */
import { Checkbox } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { countOf } from '../../components/numbers.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { useAnswer } from '../../state/use-answer.ts';
import { alikeForms, type BucketForms, type Form } from './forms.ts';
import { ValueLink } from './value-row.tsx';

interface Props {
  value: string;
  bucket: BucketForms | null;
  together: boolean;
  setTogether: (on: boolean) => void;
  /** The tab counts by the value in the title alone. */
  alone: boolean;
  openMenu: ValueMenuControl['open'];
}

export function FormsNote({ value, bucket, together, setTogether, alone, openMenu }: Props): ReactNode {
  const { value: alike } = useAnswer(['alike', value], (engine) => alikeForms(engine, value));
  const counted = bucket && together && !alone ? [bucket.arn.value, bucket.name.value] : [];
  // S3 events are counted; the same name in events of other services may mean another thing.
  const others = (alike?.values ?? []).flatMap((form): Form[] => {
    if (!counted.includes(form.value)) return [form];
    const rest = form.value === bucket?.name.value && value !== form.value ? form.events - bucket.name.events : 0;
    return rest > 0 ? [{ value: form.value, events: rest }] : [];
  });
  if (!bucket && others.length === 0) return null;
  return (
    <section className="tc-sub-forms" aria-label="Other names of it">
      {bucket ? (
        <p>
          One bucket, named in two ways: by its ARN <ValueLink column="resource" value={bucket.arn.value} openMenu={openMenu} /> (
          {countOf(bucket.arn.events, 'event')}) and by its name{' '}
          <ValueLink column="resource" value={bucket.name.value} openMenu={openMenu} /> (
          {countOf(bucket.name.events, value === bucket.arn.value ? 'S3 event' : 'event')}).{' '}
          {alone ? (
            'What stands here is of the one in the title alone; Activity counts both.'
          ) : (
            <Checkbox
              size="xs"
              className="tc-sub-together"
              label="count both together, an event with both once"
              checked={together}
              onChange={(e) => setTogether(e.currentTarget.checked)}
            />
          )}
        </p>
      ) : null}
      {others.length > 0 ? (
        <p>
          Ends alike, may be the same thing, and is not counted here:{' '}
          {others.map((form, i) => (
            <Fragment key={form.value}>
              {i > 0 ? ', ' : ''}
              <ValueLink column="resource" value={form.value} openMenu={openMenu} /> (
              {countOf(
                form.events,
                counted.includes(form.value) ? 'event of other services' : 'event',
                counted.includes(form.value) ? 'events of other services' : undefined,
              )}
              )
            </Fragment>
          ))}
          {alike?.more ? ', and more: find the name among the resources' : ''}.
        </p>
      ) : null}
    </section>
  );
}
