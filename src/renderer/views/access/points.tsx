/** What is worth a look over everybody, by kind. Questions 10, 13, 15, 17, 20 and 24. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AccessPoint, AccessPointKind, AccessPointsAnswer } from '../../../shared/access.ts';
import { Loading } from '../../app/loading.tsx';
import { CoverageNote } from '../../components/coverage-note.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { startNote } from '../notes/cite.ts';
import { citedIn, Failed, Points, pointLines, type TabProps } from './parts.tsx';
import { useAccessPoints } from './queries.ts';

interface Card {
  title: string;
  kinds: readonly AccessPointKind[];
  none: string;
  /** What is looked at, in words. */
  subject?: [one: string, many: string];
}

const CARDS: readonly Card[] = [
  {
    title: 'Root',
    kinds: ['root', 'assumeRoot'],
    none: 'No event by root of an account, and no call of AssumeRoot, is among these events.',
  },
  {
    title: 'Quarantine by AWS',
    kinds: ['quarantine', 'quarantineRemoved'],
    none: 'No AWSCompromisedKeyQuarantine policy was put on or taken off anybody in these events.',
  },
  {
    title: 'Instance credentials used elsewhere',
    kinds: ['instanceElsewhere'],
    none: 'No session named like an instance came from an address that is not seen as its own.',
    subject: ['instance with several addresses', 'instances with several addresses'],
  },
  {
    title: 'One key at two addresses at once',
    kinds: ['twoAddresses'],
    none: 'No access key went from one address to another and back within ten minutes.',
    subject: ['key with addresses in use at the same time', 'keys with addresses in use at the same time'],
  },
  {
    title: 'Denied, then succeeded',
    kinds: ['deniedThenSucceeded'],
    none: 'No principal’s action succeeded for the first time after it was denied.',
    subject: ['principal of whom an action first succeeded after a denial', 'principals of whom an action first succeeded after a denial'],
  },
  {
    title: 'VPC endpoints',
    kinds: ['vpcDenied', 'vpcEndpoint'],
    none: 'No call came through a VPC endpoint, and no policy of one denied a call (VpceAccessDenied), in these events.',
  },
];

export function PointsTab({ openMenu }: TabProps): ReactNode {
  const { value: answer, error } = useAccessPoints();
  const time = useTime();
  if (error) return <Failed message={error.message} />;
  if (!answer) return <Loading what="what is worth a look" />;
  const notable = answer.points.filter((p) => p.weight === 'notable').length;
  return (
    <>
      <div className="tc-beh-basis">
        <p role="status">
          {countOf(notable, 'point worth a look', 'points worth a look')}, of {countOf(answer.points.length, 'point')} in all.
        </p>
        <Button variant="default" size="compact-xs" onClick={() => startNote(noteOf(answer, time), citedIn(answer.points))}>
          Note from this page
        </Button>
      </div>
      <CoverageNote />
      <div className="tc-beh-cards">
        {CARDS.map((card) => (
          <Group key={card.title} card={card} answer={answer} time={time} openMenu={openMenu} />
        ))}
      </div>
    </>
  );
}

const pointsOf = (card: Card, { points }: AccessPointsAnswer): AccessPoint[] => points.filter((p) => card.kinds.includes(p.kind));

function Group({ card, answer, time, openMenu }: { card: Card; answer: AccessPointsAnswer; time: TimeWords } & TabProps): ReactNode {
  const points = pointsOf(card, answer);
  const total = card.kinds.reduce((sum, kind) => sum + (answer.totals[kind] ?? 0), 0);
  const notable = points.filter((p) => p.weight === 'notable').length;
  const looked = answer.looked.find((l) => card.kinds.includes(l.kind));
  return (
    <section className="tc-card tc-sub-card" aria-label={card.title}>
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">{card.title}</h2>
        <span className="tc-soft">{notable > 0 ? countOf(notable, 'point worth a look', 'points worth a look') : ''}</span>
      </div>
      {points.length > 0 ? <Points points={points} time={time} openMenu={openMenu} /> : <p className="tc-sub-none">{card.none}</p>}
      {total > points.length ? (
        <p className="tc-sub-none">and {countOf(total - points.length, 'further point')}: narrow the selection.</p>
      ) : null}
      {looked && card.subject && looked.looked < looked.candidates ? (
        <p className="tc-sub-none">
          Looked at {formatCount(looked.looked)} of {countOf(looked.candidates, ...card.subject)}, the most telling first: narrow the
          selection for the others.
        </p>
      ) : null}
    </section>
  );
}

function noteOf(answer: AccessPointsAnswer, time: TimeWords): string {
  const lines = CARDS.flatMap((card) => {
    const points = pointsOf(card, answer);
    return points.length === 0 ? [] : [`## ${card.title}`, '', ...pointLines(points, time), ''];
  });
  return `# Access: worth a look\n\n${lines.join('\n')}\n`;
}
