/** Copying to the clipboard, with an answer the person can see. Values are copied whole and verbatim. */
import { notifications } from '@mantine/notifications';

/** Puts the text on the clipboard and says so; `what` names it ("event ID"). Never throws. */
export async function copyText(text: string, what: string): Promise<void> {
  const done = (await writeClipboard(text)) || copyBySelection(text);
  notifications.show(
    done
      ? { id: 'copied', message: `Copied the ${what}.`, autoClose: 1500, withCloseButton: false }
      : { id: 'copied', color: 'red', message: `The ${what} could not be copied: the clipboard is not available to this window.` },
  );
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// All permissions are refused in this window, the asynchronous clipboard's too; copying a selection on a key press needs none.
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  const before = document.activeElement;
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return done;
}
