import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentBuilder } from '../../../../src/engine/ingest/builder.ts';
import { EXTRACTORS, emptyView } from '../../../../src/engine/ingest/extract.ts';
import { IdentityCache } from '../../../../src/engine/ingest/identity-cache.ts';
import { FileParser } from '../../../../src/engine/ingest/parse-file.ts';
import { viewRecord } from '../../../../src/engine/ingest/record.ts';
import { DICT_COLUMN_IDS } from '../../../../src/shared/columns.ts';
import { readDictionary, viewCodes } from '../../../../src/shared/segment.ts';

const role = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLE:build',
  arn: 'arn:aws:sts::111122223333:assumed-role/Admin/build',
  sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/Admin' }, attributes: { creationDate: '2026-03-02T10:00:00Z' } },
};
const rest = { eventTime: '2026-03-02T10:11:12Z', eventName: 'GetObject', requestParameters: { key: 'a},"eventTime":"b' } };
const textOf = (identity: string, tail: string = JSON.stringify(rest).slice(1)): string =>
  `{"eventVersion":"1.11","userIdentity":${identity},${tail}`;

/** Each text as a record of one window. */
function parseAll(texts: readonly string[], cache = new IdentityCache()): unknown[] {
  const bytes = Buffer.from(texts.join(''), 'utf8');
  cache.begin(bytes);
  let at = 0;
  return texts.map((text) => {
    const start = at;
    at += Buffer.byteLength(text);
    return cache.parse(start, at, bytes.length === texts.join('').length);
  });
}

function plain(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('records that share an identity', () => {
  it('are parsed as JSON.parse does, with one object for the identity', () => {
    const texts = [textOf(JSON.stringify(role)), textOf(JSON.stringify(role)), textOf(JSON.stringify({ ...role, type: 'AWSService' }))];
    const records = parseAll([...texts, ...texts]) as Record<string, unknown>[];
    expect(records).toEqual([...texts, ...texts].map(plain));
    expect(records[3].userIdentity).toBe(records[0].userIdentity);
    expect(Object.keys(records[0])).toEqual(Object.keys(plain(texts[0]) as object));
  });

  it('tells of the identity of the last record, unless it is a service’s', () => {
    const cache = new IdentityCache();
    const [record] = parseAll([textOf(JSON.stringify(role))], cache) as Record<string, unknown>[];
    expect(cache.knownOf(record)?.value).toBe(record.userIdentity);
    expect(cache.knownOf({})).toBeNull();
    const [service] = parseAll([textOf('{"type":"AWSService"}')], cache) as Record<string, unknown>[];
    expect(cache.knownOf(service)).toBeNull();
    expect(cache.knownOf(record)).toBeNull();
  });

  it.each([
    ['an identity that stands twice: the last one counts', textOf(JSON.stringify(role), '"eventTime":"x","userIdentity":{"type":"Root"}}')],
    ['an identity that becomes null', textOf(JSON.stringify(role), '"eventTime":"x","userIdentity":null}')],
    ['a version that stands twice', textOf(JSON.stringify(role), '"eventTime":"x","eventVersion":"9"}')],
    ['an identity that ends too early', textOf('{"type":"Root"},"eventTime":"x"}', '"eventTime":"x"}')],
    ['what looks like its end inside it', textOf('{"type":"Root","a":{"b":{},"eventTime":"y"}}')],
    ['what looks like its end in a text of it', textOf(JSON.stringify({ type: 'Root', userName: '},"eventTime":"' }))],
    ['a broken identity', textOf('{"type":Root}')],
    ['an identity that is a list', textOf('["Root"]')],
    ['a broken rest', textOf(JSON.stringify(role), '"eventTime":"x","eventName":}')],
    ['a rest without its end', textOf(JSON.stringify(role), '"eventTime":"x"')],
    ['a version that is none', textOf(JSON.stringify(role)).replace('1.11', '1\\n1')],
    ['another order', '{"userIdentity":{"type":"Root"},"eventVersion":"1.11","eventTime":"x"}'],
    ['characters of several bytes', textOf(JSON.stringify({ ...role, userName: 'Zoë 🦊' }))],
  ])('%s', (_, text) => {
    const honest = textOf(JSON.stringify(role));
    expect(parseAll([honest, text, honest, text])).toEqual([honest, text, honest, text].map(plain));
  });

  it('parses whatever text as JSON.parse does', () => {
    const identity = fc.oneof(
      fc.constantFrom(role, { ...role, type: 'Root' }, {}).map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    const tail = fc.oneof(
      fc.dictionary(fc.constantFrom('eventName', 'userIdentity', 'eventVersion', '__proto__', 'a'), fc.jsonValue()).map((value) => {
        const members = JSON.stringify(value).slice(1);
        return members === '}' ? '"eventTime":"x"}' : `"eventTime":"x",${members}`;
      }),
      fc.string(),
    );
    const cache = new IdentityCache();
    fc.assert(
      fc.property(fc.array(fc.tuple(identity, tail), { maxLength: 12 }), (parts) => {
        const texts = parts.map(([i, t]) => textOf(i, t).toWellFormed());
        const parsed = parseAll(texts, cache);
        expect(parsed).toEqual(texts.map(plain));
      }),
    );
  });

  it('stops looking for identities where none comes again, and begins anew later', () => {
    const cache = new IdentityCache();
    const many = Array.from({ length: 3000 }, (_, i) => textOf(JSON.stringify({ ...role, accessKeyId: `ASIA${i}` })));
    expect(parseAll(many, cache)).toEqual(many.map(plain));
    const again = Array.from({ length: 1200 }, () => textOf(JSON.stringify(role)));
    const last = (parseAll(again, cache) as Record<string, unknown>[]).at(-1)!;
    expect(cache.knownOf(last)).not.toBeNull();
  });
});

describe('rows of records that share an identity', () => {
  it('say what each record says, also where an altered one has the ARN of another', () => {
    const identities = [
      role,
      { ...role, type: 'IAMUser', userName: 'bert', accountId: '111122223333', accessKeyId: 'AKIAEXAMPLE' },
      { ...role, type: 'IAMUser', userName: 'someoneelse', accountId: '111122223333', accessKeyId: 'AKIAEXAMPLE' },
      { type: 'AWSService', invokedBy: '' },
      { type: 'Root', accountId: '111122223333' },
    ];
    const sources = ['s3.amazonaws.com', 'ec2.amazonaws.com', 'sts.amazonaws.com'];
    const texts = Array.from({ length: 60 }, (_, i) =>
      textOf(JSON.stringify(identities[i % 5]), JSON.stringify({ ...rest, eventSource: sources[i % 3] }).slice(1)),
    );
    const target = { segment: new SegmentBuilder(), problems: [], aggregated: [], file: 0, block: 0 };
    new FileParser(target).feed(Buffer.from(`{"Records":[${texts.join(',')}]}`), 0, true);
    const { layout, buffer } = target.segment.finish()!;
    expect(layout.rows).toBe(60);
    for (const id of DICT_COLUMN_IDS) {
      const strings = readDictionary(buffer, layout.dictionaries[id]);
      const codes = viewCodes(buffer, layout.dict[id]);
      const said = texts.map((text) => {
        const view = emptyView();
        viewRecord(JSON.parse(text), view);
        return EXTRACTORS[id](view);
      });
      expect(
        texts.map((_, i) => (codes[i] ? strings[codes[i] - 1] : null)),
        id,
      ).toEqual(said);
    }
  });
});
