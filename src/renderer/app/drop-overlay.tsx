/** Files and folders may be dropped anywhere on the window; while they hover it says what will happen. */
import { Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { visibleString } from '../components/visible-text.tsx';
import { useApp } from '../state/app.ts';
import { useEngine } from '../state/engine.tsx';
import { takeDrop } from './intake.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function DropOverlay(): ReactNode {
  const engine = useEngine();
  const opened = useApp((s) => s.opened);
  const importing = useApp((s) => s.importing !== null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    // dragenter and dragleave come for every element passed; only their balance says that the window was left.
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const move = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      takeDrop(engine, event.dataTransfer);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', move);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', move);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [engine]);
  if (!over) return null;
  return (
    <div className="tc-drop" role="status">
      <IconDownload size={36} stroke={1.5} />
      <Text size="xl" fw={600}>
        {opened ? `Add to the case “${visibleString(opened.info.name)}”` : 'Import into a new case'}
      </Text>
      <Text c="dimmed" maw={460}>
        {importing
          ? 'An import is running: this one will begin after it.'
          : 'Files, folders and zip archives are only read, never changed. Everything found gets a row in the evidence list.'}
      </Text>
    </div>
  );
}
