import { Command, InvalidArgumentError, Option } from 'commander'
import { Cluster } from '../cluster/cluster.ts'
import { diagnose } from '../cluster/doctor/diagnosis.ts'
import { diagnosisJson } from '../cluster/doctor/diagnosis-json.ts'
import { diagnosisText } from '../cluster/doctor/diagnosis-text.ts'
import { allRights, rolesFor } from '../cluster/doctor/roles.ts'
import { interrupted, unavailable, usageError } from '../lib/exit.ts'
import { exitCodeOf, summaryOf, summaryText } from '../lib/findings/summary.ts'
import { wholeNumber } from '../lib/option-values.ts'

interface DoctorOptions {
  readonly namespace?: string
  readonly port?: number
  readonly seconds: number
  readonly timeout: number
  readonly context?: string
  readonly output: 'text' | 'json'
  readonly portForward: boolean
  readonly printRole: boolean
}

/**
 * `evenly doctor`: what is the matter with a Service of a live cluster; reads only. The diagnosis goes to stdout, counts of findings
 * to stderr. Exit 0 without an error, 79 with one, 69 when the cluster, the Service or its pods cannot be read.
 */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Tells why the calls to a Service of the current cluster go where they go; changes nothing.')
    .argument('[service]', 'name of the Service', serviceName)
    .option('-n, --namespace <name>', "its namespace (default: the context's)")
    .addOption(new Option('-o, --output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--port <n>', 'a port of it that speaks gRPC, where nothing shows that').argParser(
        wholeNumber(1, 65_535),
      ),
    )
    .addOption(
      new Option('--seconds <n>', 'count calls for this long; 0: do not').default(5).argParser(wholeNumber(0, 600)),
    )
    .addOption(new Option('--timeout <seconds>', 'give up after this long').default(60).argParser(wholeNumber(1, 3600)))
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .option('--no-port-forward', 'forward no port of a pod, even where what it tells cannot be had otherwise')
    .option(
      '--print-role',
      'print the rights that it uses, as a Role of the namespace or a ClusterRole, and do nothing else',
      false,
    )
    .addHelpText(
      'after',
      '\nExamples: evenly doctor orders -n shop\n          evenly doctor --print-role | kubectl apply -f -',
    )
    .action(doctor)
}

async function doctor(service: string | undefined, options: DoctorOptions): Promise<void> {
  const { context, namespace, output, port, seconds, timeout, portForward: mayForward } = options
  if (options.printRole) return void process.stdout.write(rolesFor(allRights(namespace)))
  if (service === undefined) throw usageError('no Service is named: evenly doctor SERVICE -n NAMESPACE')
  const stop = new AbortController()
  const end = (signal: NodeJS.Signals) => stop.abort(interrupted(`ended by ${signal}`))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, end)
  let doing = 'starting'
  const progress = (text: string) => {
    doing = text
    if (process.stderr.isTTY) console.error(`${text} ...`)
  }
  const late = () =>
    stop.abort(
      unavailable(`the diagnosis did not end within ${timeout} s; it was ${doing}: give it more with --timeout`),
    )
  const limit = setTimeout(late, timeout * 1000)
  try {
    const cluster = new Cluster({ ...(context !== undefined && { context }), signal: stop.signal })
    const home = namespace ?? (await currentNamespace(cluster))
    const diagnosis = await diagnose(cluster, { service, namespace: home, port, seconds, mayForward, progress })
    console.log(output === 'json' ? diagnosisJson(diagnosis) : diagnosisText(diagnosis))
    const summary = summaryOf(diagnosis.findings)
    console.error(summaryText(summary))
    process.exitCode = exitCodeOf(summary, [])
  } finally {
    clearTimeout(limit)
    for (const signal of signals) process.off(signal, end)
  }
}

async function currentNamespace(cluster: Cluster): Promise<string> {
  const told = await cluster.kubectl(['config', 'view', '--minify', '-o', 'jsonpath={..namespace}'])
  return told.trim() || 'default'
}

/** As kubectl takes it: `orders`, `svc/orders`, `service/orders`. */
function serviceName(text: string): string {
  const name = text.replace(/^(svc|services?)\//, '')
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) return name
  throw new InvalidArgumentError('It must be the name of a Service, such as orders.')
}
