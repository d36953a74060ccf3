import { Component, type ReactNode } from 'react';

interface Properties {
  /** Shown instead; `again` shows the children anew. */
  fallback: (error: Error, again: () => void) => ReactNode;
  children: ReactNode;
}

/** Keeps what goes wrong in a part of a page within that part. */
export class ErrorBoundary extends Component<Properties, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? this.props.fallback(error, () => this.setState({ error: undefined })) : this.props.children;
  }
}
