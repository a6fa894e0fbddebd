/** What a bootstrap says beside where the control plane is. */
export interface BootstrapOptions {
  /** The client's own. Default: none. */
  readonly zone?: string
  /** Certificate of whoever signed the control plane's, in PEM. Default: plaintext. */
  readonly caFile?: string
}

/** Bootstrap of an xDS client of gRPC, whatever its language. */
export function bootstrapFor(serverUri: string, { zone = '', caFile }: BootstrapOptions = {}): object {
  const credentials =
    caFile === undefined ? { type: 'insecure' } : { type: 'tls', config: { ca_certificate_file: caFile } }
  return {
    xds_servers: [{ server_uri: serverUri, channel_creds: [credentials], server_features: ['xds_v3'] }],
    node: { id: `test-${process.pid}`, cluster: 'test', locality: { region: '', zone, sub_zone: '' } },
  }
}
