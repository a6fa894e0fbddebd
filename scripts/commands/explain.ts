import { Command, Option } from 'commander'
import { usageError } from '../lib/exit.ts'
import { explanation, listing } from '../lib/rule-book/explanation.ts'
import { ruleBook } from '../lib/rule-book/rule-book.ts'
import { addressOf, type RuleEntry } from '../lib/rule-book/rule-entry.ts'
import { unknownRule } from '../lib/rule-book/unknown-rule.ts'

interface ExplainOptions {
  readonly output: 'text' | 'json'
}

/** `evenly explain`: what a rule of `evenly check` is about, why, and what mends it; without a rule, all that there are. */
export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'Explains a rule of evenly check: the mechanism, an example, the cure, the sources. Without one: lists all.',
    )
    .argument('[rule]', 'an id as check prints it in brackets')
    .addOption(new Option('-o, --output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExample: evenly explain cluster-ip-pins')
    .action(explain)
}

function explain(id: string | undefined, { output }: ExplainOptions): void {
  const rules = ruleBook()
  if (id === undefined) {
    console.log(output === 'json' ? json(rules.map(forMachines)) : listing())
    return
  }
  const rule = rules.find((each) => each.id === id)
  if (rule === undefined)
    throw usageError(
      unknownRule(
        id,
        rules.map((each) => each.id),
      ),
    )
  console.log(output === 'json' ? json({ ...forMachines(rule), example: rule.example() }) : explanation(rule))
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2)

const forMachines = ({ id, group, title, severity, proof, why, cure, sources }: RuleEntry) => {
  const told = { id, group, title, severity, proof: proof ?? null, why, cure, sources }
  return { ...told, address: addressOf(id) }
}
