/** A view that breaks says so in a sentence and leaves the rest of the window usable. */
import { Alert, Button, Code, Group, Stack } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';

interface Props {
  /** What broke, as a thing: "This view". */
  what: string;
  /** A change of it tries again. */
  resetKey?: string;
  children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Stack p="lg" role="alert">
        <Alert color="red" title={`${this.props.what} could not be shown.`}>
          <Stack gap="sm">
            <div>The case and its evidence are not affected. Try again, or open another view; if it happens again, reload the window.</div>
            <Code block>{error.message}</Code>
            <Group gap="xs">
              <Button onClick={() => this.setState({ error: null })}>Try again</Button>
              <Button variant="default" onClick={() => window.location.reload()}>
                Reload the window
              </Button>
            </Group>
          </Stack>
        </Alert>
      </Stack>
    );
  }
}
