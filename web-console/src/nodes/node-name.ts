/** What the API knows a node by. */
export interface NodeName {
  readonly consortium: string;
  readonly member: string;
  readonly name: string;
}
