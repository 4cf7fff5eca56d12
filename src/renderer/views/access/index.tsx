/**
 * Who got in, from which account, and what of it is worth a look, over everybody at once. Two clicks each: **Access**, then
 * **Sign-ins** (which lacked MFA, failed, came from a new place; spraying and brute force: questions 11, 12), **Across accounts** (who
 * assumed in, who assumed out: 15), or **Worth a look** (root and AssumeRoot, quarantine by AWS, instance credentials elsewhere, one key
 * at two addresses at once, VPC endpoints, denied then succeeded: 10, 13, 15, 17, 20, 24).
 */
import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { useValueMenu } from '../../components/value-menu.tsx';
import { type AccessTab, useApp } from '../../state/app.ts';
import { AcrossTab } from './across.tsx';
import { PointsTab } from './points.tsx';
import { SignInsTab } from './sign-ins.tsx';
import '../subject/subject.css';
import '../subject/behaviour.css';
import './access.css';

const TABS: readonly { tab: AccessTab; label: string; lead: string }[] = [
  {
    tab: 'signins',
    label: 'Sign-ins',
    lead: 'Sign-ins to the console and to IAM Identity Center, by identity and address. A person of Identity Center is recorded twice: at the portal, and in the account that was opened from it.',
  },
  {
    tab: 'across',
    label: 'Across accounts',
    lead: 'Calls of an identity of one account into another. A call that both accounts recorded is one call. An account is foreign when nothing in this case was recorded in it.',
  },
  {
    tab: 'points',
    label: 'Worth a look',
    lead: 'What the pages of single principals, keys and addresses would say, over all of them. Filters choose whom it is about; what is said of a principal, key or instance rests on all of its events in the time range.',
  },
];

export default function Access(): ReactNode {
  const tab = useApp((s) => (s.route.view === 'access' ? (s.route.tab ?? 'signins') : 'signins'));
  const { open: openMenu, menu } = useValueMenu();
  return (
    <div className="tc-sub">
      <header className="tc-sub-head">
        <h1 className="tc-sub-title">Access</h1>
        <p className="tc-sub-lead">{TABS.find((t) => t.tab === tab)?.lead}</p>
      </header>
      <SegmentedControl
        size="xs"
        className="tc-sub-tabs"
        aria-label="What to see of access"
        value={tab}
        onChange={(next) => useApp.getState().replace({ view: 'access', tab: next as AccessTab })}
        data={TABS.map((t) => ({ value: t.tab, label: t.label }))}
      />
      {tab === 'signins' ? <SignInsTab openMenu={openMenu} /> : null}
      {tab === 'across' ? <AcrossTab openMenu={openMenu} /> : null}
      {tab === 'points' ? <PointsTab openMenu={openMenu} /> : null}
      {menu}
    </div>
  );
}
