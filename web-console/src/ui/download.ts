/** Gives the reader a file; nothing leaves the browser. */
export function download(name: string, content: BlobPart, type = 'text/plain;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has the content by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
