import { type Printed, unreachable, validating } from './printed.ts'

const memcache = (url: string, why: string) =>
  `E1121 21:31:22.509942   11520 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"${url}/api?timeout=32s\\": ${why}"\n`
const refused = (address: string) => `dial tcp ${address}: connect: connection refused`
const notResolved = 'dial tcp: lookup no-such-host.invalid on 10.255.255.53:53: no such host'
const noCertificate =
  'unable to read client-cert /etc/gone.crt for admin due to open /etc/gone.crt: no such file or directory'
const noKey = 'client-key-data or client-key must be specified for admin to use the clientCert authentication method.'
const otherAuthority = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
const nowhere =
  'there is no cluster to run on: set KUBECONFIG, or write ~/.kube/config with a current context, then try again'
const unmarshal = `couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`
const garbage =
  'the kubeconfig /tmp/garbage cannot be read (yaml: mapping values are not allowed in this context): mend it, or set KUBECONFIG to another'
const closed =
  'the cluster of the current context does not answer at 127.0.0.1:6 (connection refused): start it, or choose another with --context'
const nameless =
  'the cluster of the current context does not answer at no-such-host.invalid (no such host): start it, or choose another with --context'
const certificate =
  'the client-cert of admin, /etc/gone.crt, cannot be read (no such file or directory): mend the kubeconfig that names it'
const impostor =
  'the cluster of the current context is not the one that the kubeconfig knows (x509: certificate signed by unknown authority): get its kubeconfig anew, or choose another with --context'
const slow = (why: string) =>
  `the cluster of the current context does not answer in time (${why}): look whether it runs, or choose another with --context`

/** On the way to a cluster. */
export const ways: readonly Printed[] = [
  {
    when: 'kubectl has no kubeconfig',
    printed: 'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
    sentence: nowhere,
  },
  {
    when: 'kubectl create has no kubeconfig',
    printed: validating(`Get "http://localhost:8080/openapi/v2?timeout=32s": ${refused('127.0.0.1:8080')}`),
    sentence: nowhere,
  },
  {
    when: 'kubectl get has no kubeconfig',
    printed: `${memcache('http://localhost:8080', refused('127.0.0.1:8080'))}The connection to the server localhost:8080 was refused - did you specify the right host or port?\n`,
    sentence: nowhere,
  },
  {
    when: 'kubectl config has no current context',
    printed: 'error: current-context must exist in order to minify\n',
    sentence: nowhere,
  },
  {
    when: 'Helm has no kubeconfig',
    printed: unreachable(`Get "http://localhost:8080/version": ${refused('127.0.0.1:8080')}`),
    sentence: nowhere,
  },
  {
    when: 'kubectl has no such context',
    printed: 'error: context "nope" does not exist\n',
    sentence: 'the kubeconfig has no context nope: kubectl config get-contexts lists those it has',
  },
  {
    when: 'Helm has no such context',
    printed: unreachable('context "nope" does not exist'),
    sentence: 'the kubeconfig has no context nope: kubectl config get-contexts lists those it has',
  },
  {
    when: 'kubectl has a kubeconfig that is none',
    printed: 'error: error loading config file "/tmp/garbage": yaml: mapping values are not allowed in this context\n',
    sentence: garbage,
  },
  {
    when: 'Helm has a kubeconfig that is none',
    printed: unreachable(
      'error loading config file "/tmp/garbage": yaml: mapping values are not allowed in this context',
    ),
    sentence: garbage,
  },
  {
    when: 'kubectl has a kubeconfig that is text',
    printed: `error: error loading config file "/tmp/text": ${unmarshal}\n`,
    sentence: `the kubeconfig /tmp/text cannot be read (${unmarshal}): mend it, or set KUBECONFIG to another`,
  },
  {
    when: 'kubectl has a folder for a kubeconfig',
    printed: 'error: error loading config file "/tmp": read /tmp: is a directory\n',
    sentence: 'the kubeconfig /tmp cannot be read (read /tmp: is a directory): mend it, or set KUBECONFIG to another',
  },
  {
    when: "kubectl's kubeconfig names a certificate that is not there",
    printed: `Error in configuration: \n* ${noKey}\n* ${noCertificate}\n`,
    sentence: certificate,
  },
  {
    when: "Helm's kubeconfig names a certificate that is not there",
    printed: unreachable(`invalid configuration: [${noKey}, ${noCertificate}]`),
    sentence: certificate,
  },
  {
    when: 'kubectl is refused by the server',
    printed: 'The connection to the server 127.0.0.1:6 was refused - did you specify the right host or port?\n',
    sentence: closed,
  },
  {
    when: 'kubectl create is refused by the server',
    printed: validating(`Get "https://127.0.0.1:6/openapi/v2?timeout=32s": ${refused('127.0.0.1:6')}`),
    sentence: closed,
  },
  {
    when: 'kubectl get is refused by the server',
    printed: `${memcache('https://127.0.0.1:6', refused('127.0.0.1:6'))}The connection to the server 127.0.0.1:6 was refused - did you specify the right host or port?\n`,
    sentence: closed,
  },
  {
    when: 'Helm is refused by the server',
    printed: unreachable(`Get "https://127.0.0.1:6/version": ${refused('127.0.0.1:6')}`),
    sentence: closed,
  },
  {
    when: 'kubectl cannot resolve the server',
    printed: `Unable to connect to the server: ${notResolved}\n`,
    sentence: nameless,
  },
  {
    when: 'kubectl create cannot resolve the server',
    printed: validating(`Get "https://no-such-host.invalid:6443/openapi/v2?timeout=32s": ${notResolved}`),
    sentence: nameless,
  },
  {
    when: 'kubectl get cannot resolve the server',
    printed: `${memcache('https://no-such-host.invalid:6443', notResolved)}Unable to connect to the server: ${notResolved}\n`,
    sentence: nameless,
  },
  {
    when: 'Helm cannot resolve the server',
    printed: unreachable(`Get "https://no-such-host.invalid:6443/version": ${notResolved}`),
    sentence: nameless,
  },
  {
    when: 'kubectl meets a server of another authority',
    printed: `Unable to connect to the server: ${otherAuthority}\n`,
    sentence: impostor,
  },
  {
    when: 'Helm meets a server of another authority',
    printed: unreachable(`Get "https://10.243.0.1:6443/version": ${otherAuthority}`),
    sentence: impostor,
  },
  {
    when: 'kubectl meets a server that says nothing',
    printed: 'Unable to connect to the server: net/http: TLS handshake timeout\n',
    sentence: slow('TLS handshake timeout'),
  },
  {
    when: 'Helm meets a server that says nothing',
    printed: unreachable('Get "https://127.0.0.1:16443/version": net/http: TLS handshake timeout'),
    sentence: slow('TLS handshake timeout'),
  },
  {
    when: 'kubectl waits longer than it may',
    printed:
      'Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded while awaiting headers)\n',
    sentence: slow('context deadline exceeded'),
  },
  {
    when: 'the way breaks while kubectl reads on',
    printed: 'error: unexpected EOF\n',
    sentence:
      'the way to the cluster of the current context broke (unexpected EOF): look whether it runs, then try again',
  },
]
