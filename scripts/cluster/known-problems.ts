/** Something that kubectl and Helm are known to print when they fail, and what to say instead. */
export interface KnownProblem {
  readonly pattern: RegExp
  /** @param found what the pattern found, and its groups */
  readonly sentence: (found: readonly (string | undefined)[], where: Where) => string
}

export interface Where {
  /** Such as `context lab`. */
  readonly context: string
  /** Where the kubeconfig was looked for; empty or undefined: in its usual place. */
  readonly kubeconfig: string | undefined
}

const elsewhere = 'choose another with --context'

/** What keeps one from a cluster: the kubeconfig, the way there, who one is. */
const onTheWay: readonly KnownProblem[] = [
  {
    // Without a context, kubectl and Helm try the address of a cluster that is never there.
    pattern: /connection to the server localhost:8080 was refused|http:\/\/localhost:8080\/|current-context must exist/,
    sentence: (_, { kubeconfig }) =>
      kubeconfig
        ? `there is no cluster to run on: KUBECONFIG, ${kubeconfig}, is not there or has no current context: set it to one that has, then try again`
        : 'there is no cluster to run on: set KUBECONFIG, or write ~/.kube/config with a current context, then try again',
  },
  {
    pattern: /context "([^"]+)" does not exist/,
    sentence: ([, name]) => `the kubeconfig has no context ${name}: kubectl config get-contexts lists those it has`,
  },
  {
    pattern: /error loading config file "([^"]+)": ([^\n]+)/,
    sentence: ([, file, why]) =>
      `the kubeconfig ${file} cannot be read (${why}): mend it, or set KUBECONFIG to another`,
  },
  {
    pattern: /unable to read (\S+) (\S+) for (\S+) due to [^\n]*?: ([^\n\]:]+)(?:\]|\n|$)/,
    sentence: ([, what, file, of, why]) =>
      `the ${what} of ${of}, ${file}, cannot be read (${why}): mend the kubeconfig that names it`,
  },
  {
    pattern: /getting credentials: exec: executable (\S+) ([^\n;]+)/,
    sentence: ([, program, why], { context }) =>
      `${program}, which is to log in to the cluster of ${context}, ${/^not found/.test(why ?? '') ? 'is not there: install it' : `${why}: run it by hand to see why`}, then try again`,
  },
  {
    pattern: /must be logged in|asked for the client to provide credentials|Please enter Username|\bUnauthorized\b/,
    sentence: (_, { context }) =>
      `the cluster of ${context} does not take the user for one it knows: log in anew, then try again`,
  },
  {
    pattern: /User "([^"]+)" cannot (\w+) (resource|path) "([^"]+)"(?:[^\n]*? in the namespace "([^"]+)")?/,
    sentence: ([, user, verb, kind, name, namespace]) =>
      `${user} may not ${verb} ${kind === 'path' ? 'path ' : ''}${name}${namespace ? ` in namespace ${namespace}` : ''}: ask whoever runs the cluster for that right`,
  },
  {
    pattern: /failed calling webhook "([^"]+)": (?:failed to call webhook: )?([^\n]+)/,
    sentence: ([, name, why]) =>
      `webhook ${name} of the cluster does not work (${why}): mend what serves it, or remove it, then try again`,
  },
  {
    pattern: /connection to the server (\S+) was refused/,
    sentence: ([, server], { context }) =>
      `the cluster of ${context} does not answer at ${server} (connection refused): start it, or ${elsewhere}`,
  },
  {
    pattern: /dial tcp:? (?:lookup )?(\S+?)(?: on [^\s:]+:\d+)?: (?:connect: )?([^\n";]+)/,
    sentence: ([, server, why], { context }) =>
      `the cluster of ${context} does not answer at ${server} (${why}): start it, or ${elsewhere}`,
  },
  {
    pattern: /failed to verify certificate: ([^\n";]+)/,
    sentence: ([, why], { context }) =>
      `the cluster of ${context} is not the one that the kubeconfig knows (${why}): get its kubeconfig anew, or ${elsewhere}`,
  },
  {
    pattern: /context deadline exceeded|Client\.Timeout|TLS handshake timeout/,
    sentence: ([why], { context }) =>
      `the cluster of ${context} does not answer in time (${why}): look whether it runs, or ${elsewhere}`,
  },
  {
    pattern: /unexpected EOF|connection reset by peer|client connection lost|broken pipe/,
    sentence: ([why], { context }) =>
      `the way to the cluster of ${context} broke (${why}): look whether it runs, then try again`,
  },
]

/** What a cluster, or the chart, has against what it is given. */
const onArrival: readonly KnownProblem[] = [
  {
    pattern: /no matches for kind "([^"]+)" in version "([^"]+)"/,
    sentence: ([, kind, version]) =>
      `the cluster knows no ${kind} (${version}): install what brings it, then try again`,
  },
  {
    pattern: /namespaces "([^"]+)" not found|new content in namespace (\S+) because it is being terminated/,
    sentence: ([, gone, going]) =>
      `namespace ${gone ?? going} was deleted by somebody else while it was in use: try again, and leave it alone`,
  },
  {
    pattern: /(\S+ "[^"\\]+") is forbidden: (exceeded quota: [^\n]+)/,
    sentence: ([, object, why]) => `the cluster refuses ${object} (${why}): ask whoever runs it for a larger quota`,
  },
  {
    pattern: /values don't meet the specifications[^\n]*\n[^\n]*\n- at '([^']*)': ([^\n]+)/,
    sentence: ([, path = '', why]) =>
      `the chart does not take ${path === '' ? 'the values' : path.slice(1).replaceAll('/', '.')} (${why}): mend --set`,
  },
  {
    // The chart's own sentence says what to do.
    pattern: /execution error at \(\S+\): ([^\n]+)/,
    sentence: ([, why]) => `the chart does not take the values: ${why}`,
  },
  {
    pattern: /failed parsing --set data: ([^\n]+)/,
    sentence: ([, why]) => `--set cannot be read (${why}): write KEY=VALUE, as for helm`,
  },
  {
    pattern: /(\S+ "[^"\\]+") is invalid: ([^\n]+)/,
    sentence: ([, object, why]) => `the cluster refuses ${object} (${why}): mend --set, or the scenario's values`,
  },
]

/** The first whose pattern is found tells. */
export const knownProblems: readonly KnownProblem[] = [...onTheWay, ...onArrival]
