/** The EC2 Instance Connect events of a subject: instance, OS user, key, time and address, read from the original records. */
import { ActionIcon, Alert, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Engine } from '../../../engine/client/index.ts';
import type { EpochMs, EventKey } from '../../../shared/brand.ts';
import type { Selection } from '../../../shared/plan.ts';
import { recordInside } from '../../../shared/unwrap.ts';
import { copyText } from '../../components/copy.ts';
import { formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { cut, MiddleText, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { narrowed } from '../../state/selection.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { INSTANCE_CONNECT, type SentKey, sentKey } from './instance-connect.ts';
import { ValueLink } from './value-row.tsx';

const LIMIT = 50;
const KEY_SHOWN = 60;

interface SentRow extends SentKey {
  key: EventKey;
  time: EpochMs | null;
  principal: string | null;
  address: string | null;
  outcome: string | null;
}

/** The latest first; records are read only when there are such events. */
export async function readSentKeys(
  engine: Pick<Engine, 'query' | 'store'>,
  selection: Selection,
): Promise<{ rows: SentRow[]; total: number }> {
  const asked = narrowed(selection, INSTANCE_CONNECT);
  const { answers } = await engine.query.run({
    view: 'subject-instance-connect',
    selection: asked,
    asks: [{ ask: 'page', offset: 0, limit: LIMIT, descending: true, columns: ['principal', 'sourceIPAddress', 'outcome'] }],
  });
  const { rows, total } = answers[0];
  if (rows.length === 0) return { rows: [], total };
  const { keys, refs } = await engine.query.refs(asked, true, 0, LIMIT);
  const records = await engine.store.readRecords(refs);
  const texts = new Map(keys.map((key, i) => [key, records[i] ? recordInside(records[i]).text : '']));
  const one = (value: string | null | string[]): string | null => (Array.isArray(value) ? (value[0] ?? null) : value);
  return {
    total,
    rows: rows.map((row) => ({
      key: row.key,
      time: row.time,
      principal: one(row.values[0]),
      address: one(row.values[1]),
      outcome: one(row.values[2]),
      ...sentKey(texts.get(row.key) ?? ''),
    })),
  };
}

const NONE: { rows: SentRow[]; total: number } = { rows: [], total: 0 };

export function SentKeys({
  selection,
  time,
  openMenu,
}: {
  selection: Selection;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const { value, error } = useAnswer(['sent-keys', selection], (engine) => readSentKeys(engine, selection));

  if (error)
    return (
      <Alert color="red" title="The EC2 Instance Connect events could not be read.">
        {error.message}
      </Alert>
    );
  const state = value ?? NONE;
  if (state.rows.length === 0) return null;
  return (
    <section className="tc-card tc-sub-card tc-sub-wide" aria-label="EC2 Instance Connect">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">EC2 Instance Connect: keys sent to instances</h2>
        <span className="tc-soft">
          {formatCount(state.total)}
          {state.total > state.rows.length ? `, the latest ${state.rows.length} are shown` : ''}
        </span>
      </div>
      <p className="tc-sub-lead">
        A public key sent this way opens SSH to the instance for 60 seconds. Whether somebody then logged in is in the instance’s own logs,
        not in CloudTrail.
      </p>
      <table className="tc-sub-table">
        <thead>
          <tr>
            <th className="fit">Time ({time.zone})</th>
            <th className="fit">Instance</th>
            <th className="fit">OS user</th>
            <th>Public key</th>
            <th style={{ width: '20%' }}>By</th>
            <th className="fit">From</th>
            <th className="fit">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {state.rows.map((r) => (
            <tr key={r.key}>
              <td className="fit">
                <UnstyledButton className="tc-sub-link" onClick={() => openEvent(r.key)}>
                  {time.time(r.time)}
                </UnstyledButton>
              </td>
              <td className="fit">
                {r.instanceId === null ? <Missing /> : <ValueLink column="resource" value={r.instanceId} openMenu={openMenu} />}
              </td>
              <td className="fit">
                {r.osUser === null ? (
                  <Missing />
                ) : (
                  <span className="tc-sub-value">
                    <MiddleText text={r.osUser} />
                  </span>
                )}
              </td>
              <td>{r.publicKey === null ? <Missing /> : <PublicKey text={r.publicKey} />}</td>
              <td>
                <ValueLink column="principal" value={r.principal} openMenu={openMenu} />
              </td>
              <td className="fit">
                <ValueLink column="sourceIPAddress" value={r.address} openMenu={openMenu} />
              </td>
              <td className="fit">
                <span className={`tc-sub-outcome ${r.outcome ?? ''}`}>
                  {r.outcome === 'denied' ? '⊘ denied' : r.outcome === 'error' ? '✕ error' : 'no error'}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const Missing = (): ReactNode => <span className="tc-sub-absent">not recorded</span>;

function PublicKey({ text }: { text: string }): ReactNode {
  return (
    <span className="tc-sub-key">
      <code title={visibleString(cut(text, 2000))}>
        {visibleString(cut(text, KEY_SHOWN))}
        {text.length > KEY_SHOWN ? '…' : ''}
      </code>
      <Tooltip label="Copy the whole key">
        <ActionIcon size={18} aria-label="Copy the whole public key" onClick={() => void copyText(text, 'public key')}>
          <IconCopy size={12} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
