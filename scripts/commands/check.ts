import { Command, InvalidArgumentError, Option } from 'commander'
import { usageError } from '../lib/exit.ts'
import { applyIgnores } from '../lib/findings/apply-ignores.ts'
import { checkTexts } from '../lib/findings/check-texts.ts'
import { type Severity, severities } from '../lib/findings/finding.ts'
import { type FindingFormat, findingFormats, renderReport } from '../lib/findings/formats.ts'
import { type IgnoreOption, ignoreOptionsIn } from '../lib/findings/ignore-option.ts'
import { type InputText, readInputs } from '../lib/findings/inputs.ts'
import { exitCodeOf, summaryOf, summaryText } from '../lib/findings/summary.ts'
import { type Mesh, meshes } from '../lib/manifests/mesh.ts'
import { repeatable } from '../lib/option-values.ts'

interface CheckOptions {
  readonly values: readonly string[]
  readonly set: readonly string[]
  readonly mesh?: Mesh
  readonly output: FindingFormat
  readonly severity: Severity
  readonly ignore: readonly IgnoreOption[]
}

/**
 * `evenly check`: what is wrong with manifests of any chart and with values files of ours, offline, each finding with its place
 * and what mends it. Findings go to stdout, counts to stderr. Exit 0 when there is no error, 79 when there is one, 65 when an input
 * cannot be read (the others are checked all the same).
 */
export function checkCommand(): Command {
  return new Command('check')
    .description(
      'Tells why gRPC will not be spread: in rendered manifests of any chart, and in values files of this one.',
    )
    .argument(
      '[input...]',
      'files and folders of YAML or JSON, or - for stdin; what each holds is seen from its content',
    )
    .addOption(repeatable('-f, --values <file>', 'values over each values file, as with helm; may be repeated'))
    .addOption(repeatable('--set <key=value>', 'a value over all of these, as with helm; may be repeated', /^[^=]+=/))
    .addOption(
      new Option('--mesh <mesh>', 'the mesh that namespaces are in though no manifest says so').choices(meshes),
    )
    .addOption(new Option('-o, --output <format>', 'what to print').choices(findingFormats).default('text'))
    .addOption(
      new Option('--severity <severity>', 'the least to tell of: error leaves advice out')
        .choices(severities)
        .default('advice'),
    )
    .addOption(
      new Option('--ignore <rule: reason>', 'pass findings of a rule over, and why; may be repeated')
        .default([], 'none')
        .argParser(ignored),
    )
    .addHelpText('after', helpText)
    .action(check)
}

const helpText = `
Examples:
  helm template shop ./shop | evenly check -
  evenly check manifests/ --mesh istio --severity error
  evenly check values/prod.yaml -f secrets.yaml --set replicaCount=3
  evenly check manifests/ -o sarif > evenly.sarif

A comment in a file does what --ignore does, for the line that it ends, the key that follows it, or, before the first key, the
document: # evenly-ignore RULE: REASON
evenly explain lists the rules. Exit codes: 0 no error, 79 an error, 65 an input that cannot be read, 64 usage.`

async function check(inputs: readonly string[], options: CheckOptions): Promise<void> {
  const { texts, unreadable } = await readInputs(named(inputs, options))
  refuseIdle(options, texts)
  await refuseUnknown(options.ignore)
  const checked = await checkTexts(texts, { over: options.values, sets: options.set, mesh: options.mesh })
  const judged = await applyIgnores(checked.findings, checked.texts, options.ignore, ruleIds)
  const findings = judged.filter(({ severity }) => options.severity === 'advice' || severity === 'error')
  const report = {
    findings,
    files: [...new Set(checked.texts.map(({ file }) => file))],
    unreadable: [...unreadable, ...checked.unreadable],
  }
  const text = await renderReport(options.output, report)
  if (text !== '') console.log(text)
  for (const sentence of report.unreadable) console.error(`evenly: ${sentence}`)
  const summary = summaryOf(findings)
  if (report.files.length > 0) console.error(summaryText(summary, checked.objects))
  if (checked.relevant === 0) console.error('none of these is a Service or runs pods: was all of it given?')
  if (options.output === 'text' && summary.errors + summary.advice > 0) console.error('evenly explain RULE tells more')
  process.exitCode = exitCodeOf(summary, report.unreadable)
}

/** Without any input it is stdin, if something comes from there. */
function named(inputs: readonly string[], { values }: CheckOptions): readonly string[] {
  if (inputs.length > 0 || values.length > 0) return inputs
  if (process.stdin.isTTY)
    throw usageError('there is nothing to check: name files or folders, or pipe manifests in: evenly check --help')
  return ['-']
}

/** Options that would change nothing were meant to change something. */
function refuseIdle({ values, set, mesh }: CheckOptions, texts: readonly InputText[]): void {
  const has = (kind: InputText['kind']): boolean => texts.some((text) => text.kind === kind)
  if (texts.length > 0 && !has('values') && values.length + set.length > 0) {
    throw usageError(
      '-f and --set go over values files, and there are manifests alone: leave them out, or give them to helm template',
    )
  }
  if (mesh !== undefined && !has('manifests') && (has('values') || values.length > 0)) {
    throw usageError(
      '--mesh is about manifests, and there are values alone: they say by istio.enabled and the like what mesh there is',
    )
  }
}

function ignored(text: string, earlier: readonly IgnoreOption[]): IgnoreOption[] {
  const options = ignoreOptionsIn(text)
  if (options === undefined)
    throw new InvalidArgumentError("It must be 'RULE: REASON', such as 'cluster-ip-pins: one pod on purpose'.")
  return [...earlier, ...options]
}

async function refuseUnknown(options: readonly IgnoreOption[]): Promise<void> {
  if (options.length === 0) return
  const [known, { unknownRule }] = await Promise.all([ruleIds(), import('../lib/rule-book/unknown-rule.ts')])
  for (const { rule } of options) if (!known.includes(rule)) throw usageError(`--ignore: ${unknownRule(rule, known)}`)
}

async function ruleIds(): Promise<string[]> {
  const { ruleBook } = await import('../lib/rule-book/rule-book.ts')
  return ruleBook().map(({ id }) => id)
}
