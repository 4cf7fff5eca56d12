/** What the records of changes to logging say: stops of a trail, its scope, its selectors; never more than is written. */
import { describe, expect, it } from 'vitest';
import { parseSelectors, trailFacts } from '../../../../src/engine/coverage/trails.ts';
import type { LoggingPoint } from '../../../../src/shared/coverage.ts';
import { ACCOUNT, at, chain, point } from './support.ts';

const arn = (name: string, region = 'eu-west-1'): string => `arn:aws:cloudtrail:${region}:${ACCOUNT}:trail/${name}`;
const facts = (list: [LoggingPoint, unknown][], chains = [chain({ trail: 'elsewhere' })]) => {
  const records = new Map(list.map(([p, record]) => [p.key, typeof record === 'string' ? record : JSON.stringify(record)]));
  return trailFacts(
    list.map(([p]) => p),
    (key) => records.get(key) ?? null,
    chains,
  );
};
const named = (name: string, more: object = {}) => ({ requestParameters: { name }, responseElements: null, ...more });

describe('stops', () => {
  it('last from StopLogging to StartLogging of the same trail, by name or ARN', () => {
    const { stopped } = facts([
      [point('StopLogging', 1), named(arn('main'))],
      [point('StopLogging', 1.5), named('other')],
      [point('StartLogging', 3), named('main')],
      [point('StopLogging', 5), named('main')],
    ]);
    expect(stopped.map((s) => [s.trail, s.from, s.to])).toEqual([
      ['main', at(1), at(3)],
      ['other', at(1.5), null],
      ['main', at(5), null],
    ]);
  });

  it('are none when the call failed, names no trail, or cannot be read', () => {
    expect(
      facts([
        [point('StopLogging', 1, { errorCode: 'AccessDenied' }), named('main')],
        [point('StopLogging', 2), { requestParameters: null }],
        [point('StopLogging', 3), 'not JSON'],
        [point('StopLogging', 4), `${'['.repeat(100_000)}`],
        [point('StartLogging', 5), named('main')],
      ]).stopped,
    ).toEqual([]);
  });

  it('DeleteTrail ends logging as well', () => {
    expect(facts([[point('DeleteTrail', 1), named('main')]]).stopped).toMatchObject([{ by: 'DeleteTrail', to: null }]);
  });

  it('a trail that is said to be of one Region stops that one; of which nothing is said, all, and that is called assumed', () => {
    const said = facts([
      [point('CreateTrail', 0), { requestParameters: { name: 'main', isMultiRegionTrail: false } }],
      [point('StopLogging', 1), named('main')],
    ]);
    expect(said.stopped).toMatchObject([{ region: 'eu-west-1', assumed: false }]);
    expect(facts([[point('StopLogging', 1), named('main')]]).stopped).toMatchObject([
      { region: null, assumed: true, homeRegion: 'eu-west-1' },
    ]);
    const digests = [chain({ region: 'us-east-1' }), chain()];
    expect(facts([[point('StopLogging', 1), named('main')]], digests).stopped).toMatchObject([{ region: null, assumed: false }]);
  });

  it('do not mix trails of one name in two accounts', () => {
    const { stopped } = facts([
      [point('StopLogging', 1), named('main')],
      [point('StartLogging', 2, { account: '999999999999' }), named('main')],
    ]);
    expect(stopped).toMatchObject([{ account: ACCOUNT, to: null }]);
  });
});

describe('selectors', () => {
  it('are read in the basic and in the advanced form', () => {
    const basic = {
      eventSelectors: [
        { readWriteType: 'WriteOnly', includeManagementEvents: true, dataResources: [{ type: 'AWS::S3::Object', values: ['arn:aws:s3'] }] },
      ],
    };
    expect(parseSelectors(basic)).toEqual({ management: 'write', dataTypes: ['AWS::S3::Object'] });
    const field = (name: string, ...equals: string[]) => ({ field: name, equals });
    const advanced = {
      advancedEventSelectors: [
        { fieldSelectors: [field('eventCategory', 'Management'), field('readOnly', 'false')] },
        { fieldSelectors: [field('eventCategory', 'Management'), field('readOnly', 'true')] },
        { fieldSelectors: [field('eventCategory', 'Data'), field('resources.type', 'AWS::Lambda::Function')] },
      ],
    };
    expect(parseSelectors(advanced)).toEqual({ management: 'all', dataTypes: ['AWS::Lambda::Function'] });
    expect(parseSelectors({ eventSelectors: [{ includeManagementEvents: false, dataResources: [] }] })).toEqual({
      management: 'none',
      dataTypes: [],
    });
  });

  it('are nothing where the record holds none, or holds nonsense', () => {
    expect(parseSelectors({})).toBeNull();
    expect(parseSelectors({ eventSelectors: 'all', advancedEventSelectors: [7, null] })).toBeNull();
    expect(
      facts([
        [point('PutEventSelectors', 1, { errorCode: 'AccessDenied' }), { requestParameters: { trailName: 'main', eventSelectors: [{}] } }],
      ]).selectors,
    ).toEqual([]);
  });

  it('name their trail and time', () => {
    const request = {
      trailName: arn('main'),
      eventSelectors: [{ readWriteType: 'All', includeManagementEvents: true, dataResources: [] }],
    };
    expect(facts([[point('PutEventSelectors', 2), { requestParameters: request }]]).selectors).toMatchObject([
      { trail: 'main', account: ACCOUNT, at: at(2), management: 'all', dataTypes: [] },
    ]);
  });
});
