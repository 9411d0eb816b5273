import type { Findings } from '../findings.ts';

export function isCapture(head: Buffer): boolean {
  return head.length < 0;
}

export class CaptureReader {
  constructor(
    private readonly findings: Findings,
    private readonly file: string,
  ) {}

  feed(_chunk: Buffer): void {
    this.findings.recognise('capture');
  }

  end(): void {
    void this.file;
  }
}
