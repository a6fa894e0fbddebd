/** What text of a type of the schema is called, and what to write. */
export interface Form {
  readonly called: string
  readonly write: string
}

/** The form that a definition of the schema stands for: `durationOrEmpty` is a duration. */
export function formOf(definition: string): Form | undefined {
  const names = Object.keys(forms).filter((name) => definition.startsWith(name))
  return forms[names.toSorted((one, other) => other.length - one.length)[0] ?? '']
}

const forms: Readonly<Record<string, Form>> = {
  duration: { called: 'a duration', write: 'a whole number and ms, s, m or h, such as 30s' },
  integerOrPercent: { called: 'a percent', write: 'a number, or a percent such as 25%' },
  digest: { called: 'a digest', write: 'sha256: and 64 hexadecimal digits' },
  tag: { called: 'a tag', write: 'the tag alone, such as 1.2.0' },
  registry: { called: 'a registry', write: 'a host such as registry.example.com:5000' },
  repository: { called: 'an image’s name', write: 'one such as ghcr.io/shop/orders, without tag and digest' },
  labels: { called: 'a label’s value', write: 'at most 63 letters, digits, -, _ and ., no sign at either end' },
  labelValue: { called: 'a label’s value', write: 'at most 63 letters, digits, -, _ and ., no sign at either end' },
  name: { called: 'a name', write: 'lower-case letters, digits and -' },
  dnsName: { called: 'a DNS name', write: 'lower-case letters, digits, - and .' },
  portName: { called: 'a port’s name', write: 'at most 15 lower-case letters, digits and -, a letter first' },
  runName: { called: 'the name of a run', write: 'at most 8 lower-case letters, digits and -' },
  suffix: { called: 'a suffix', write: 'a - and at most 24 lower-case letters, digits and -' },
  socketAddress: { called: 'an address to listen at', write: 'an IP address and a port, such as 127.0.0.1:10000' },
  path: { called: 'a path', write: 'one that begins with /' },
  pullSecrets: { called: 'the name of a Secret', write: 'lower-case letters, digits, - and .' },
  argumentsOrAuto: { called: 'a list', write: 'a list, or auto' },
}
