/** An image as a machine shows it. */
export interface ImageRef {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
}
