/** What is published of a member's authorities, PEM: the shape of Member.status.certificateAuthority. */
export interface PublishedAuthorities {
  readonly signing: { readonly root: string; readonly issuing: string };
  readonly tls: { readonly root: string; readonly issuing: string };
  readonly adminEndpoint: { readonly root: string };
  readonly admin: { readonly certificate: string };
}

/** The Member object that authorities belong to; its uid is what they are kept by. */
export interface MemberIdentity {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly mspId: string;
}
