/** Who is really behind an event: from the origin to the credential it was made with, each hop with how it is known. */
import type { ReactNode } from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import { type ColumnId, columnSpec } from '../../../shared/columns.ts';
import { CREDENTIAL_KINDS, type CredentialRow, type Lineage, type LineageHop } from '../../../shared/lineage.ts';
import { useApp } from '../../state/app.ts';
import { countOf } from '../numbers.ts';
import { useTime } from '../use-time.ts';
import { useValueMenu } from '../value-menu.tsx';
import { cut, VisibleText } from '../visible-text.tsx';
import { useLineage } from './use-lineage.ts';
import './behind.css';

const SHOWN_HOPS = 8;
const NAME_LENGTH = 64;
const kindLabel = new Map<string, string>(CREDENTIAL_KINDS.map((kind) => [kind.id, kind.label]));

export function Behind({ eventKey }: { eventKey: EventKey }): ReactNode {
  const { lineage, error } = useLineage(eventKey);
  if (error !== null) return <p className="tc-detail-remark">Who is behind this event could not be worked out: {error}</p>;
  if (lineage === null || lineage.hops.length === 0) return null;
  return <Chain lineage={lineage} />;
}

function Chain({ lineage }: { lineage: Lineage }): ReactNode {
  const { hops, depth, origin, originProof, stop, remarks, twins } = lineage;
  const own = hops.slice(0, SHOWN_HOPS);
  const left = depth + 1 - own.length;
  return (
    <section className="tc-behind" aria-label="Who is really behind this">
      <h3>
        {hops[0].credential.launched ? 'Who launched the instance' : 'Who is really behind this'}{' '}
        {depth === 0 ? null : (
          <span className="tc-behind-proof" data-proof={originProof}>
            {originProof === 'proven' ? '= proven' : '≈ inferred'}, {countOf(depth, 'hop')}
          </span>
        )}
      </h3>
      {remarks.map((remark) => (
        <p key={remark} className="tc-detail-conflict">
          {remark}
        </p>
      ))}
      <ol>
        {left > 0 ? (
          <li className="tc-behind-left">
            <span>{countOf(left, 'older hop')} before these: see the page of the credential.</span>
          </li>
        ) : null}
        {own.toReversed().map((hop, i) => (
          <Hop key={hop.credential.id} hop={hop} origin={i === 0 && left === 0 && origin !== null} />
        ))}
      </ol>
      <p className="tc-detail-remark">
        {stop.text} <Events events={stop.events} />
      </p>
      {twins.length > 0 ? (
        <p className="tc-detail-remark">
          The same call as another account recorded it: <Events events={twins} />
        </p>
      ) : null}
    </section>
  );
}

/** A credential: how it came from the one above, who it acts as, and what sort it is. */
function Hop({ hop, origin }: { hop: LineageHop; origin: boolean }): ReactNode {
  const { credential, link } = hop;
  const menu = useValueMenu();
  const time = useTime();
  const navigate = useApp((s) => s.navigate);
  const openEvent = useApp((s) => s.openEvent);
  const named = namedBy(credential, origin);
  return (
    <li>
      {link === null ? (
        <LastHop credential={credential} shown={origin} />
      ) : (
        <button
          type="button"
          className="tc-behind-how"
          data-proof={link.proof}
          aria-label={`${link.proof}: ${link.reason} Open the event that shows it.`}
          title={`${link.proof}${link.time === null ? '' : `, ${time.zoned(link.time)}`}: ${link.reason} Open the event that shows it.`}
          onClick={() => openEvent(link.events[0])}
        >
          {link.proof === 'exact' ? '=' : '≈'}
        </button>
      )}
      <span className="tc-behind-who">
        {named === null ? (
          'unnamed'
        ) : (
          <button
            type="button"
            className="tc-detail-phrase"
            aria-haspopup="menu"
            title={`${columnSpec(named.column).label}: ${cut(named.value, 300)}`}
            onClick={(e) => menu.open(e.currentTarget, { column: named.column, values: [named.value], time: null })}
          >
            <VisibleText text={shortName(credential)} limit={NAME_LENGTH} />
          </button>
        )}{' '}
        <button
          type="button"
          className="tc-behind-kind"
          title="Open the page of this credential"
          onClick={() => navigate({ view: 'credential', id: credential.id })}
        >
          {kindLabel.get(credential.kind) ?? credential.kind}
        </button>
      </span>
      {menu.menu}
    </li>
  );
}

/** The mark of the last hop. Who only failed to sign in is no origin. */
function LastHop({ credential, shown }: { credential: CredentialRow; shown: boolean }): ReactNode {
  const attempt = credential.kind === 'attempt';
  const help = attempt ? 'Named by who tried to sign in, and not shown to be that.' : 'The earliest actor that can be shown.';
  return (
    <span title={help} role="img" aria-label={shown ? 'Origin' : attempt ? 'Named, not shown' : 'The last hop'}>
      {attempt ? '○' : '●'}
    </span>
  );
}

/** What the menu of a hop acts on. */
function namedBy(credential: CredentialRow, origin: boolean): { column: ColumnId; value: string } | null {
  const { accessKeyId, identity } = credential;
  if (origin && credential.origin !== null) return { column: 'origin', value: credential.origin };
  if (accessKeyId !== null) return { column: 'accessKeyId', value: accessKeyId };
  return identity === null ? null : { column: 'identity', value: identity };
}

/** The account and what follows it in an ARN: `111122223333/user/alice`, `111122223333/Admin/alice`; else the identity as it is. */
function shortName({ identity, accessKeyId }: CredentialRow): string {
  if (identity === null) return accessKeyId ?? '';
  const parts = identity.split(':');
  if (!identity.startsWith('arn:') || parts.length < 6) return identity;
  return `${parts[4]}/${parts
    .slice(5)
    .join(':')
    .replace(/^assumed-role\//, '')}`;
}

function Events({ events }: { events: readonly EventKey[] }): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  return events.map((key, i) => (
    <button key={key} type="button" className="tc-link tc-behind-event" onClick={() => openEvent(key)}>
      {events.length === 1 ? 'Open its event' : `Open event ${i + 1}`}
    </button>
  ));
}
