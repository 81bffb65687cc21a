/** An organization: whose apps, and whose issuer of ID tokens. */
export interface Organization {
  readonly id: string;
  readonly numericId: number;
  readonly slug: string;
  readonly name: string;
  readonly personal: boolean;
}
