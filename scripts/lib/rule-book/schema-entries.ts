import type { RuleEntry } from './rule-entry.ts'
import { valuesExample } from './values-example.ts'

/** What the chart's schema has against one value by itself. */
export const schemaEntries: readonly RuleEntry[] = [
  entry({
    id: 'unknown-key',
    title: 'The chart reads no such key',
    why: `The chart's schema names every key that its templates read. Another one would be passed over in silence, and what it was
meant to set would keep its default; so Helm refuses it. Under \`global\`, which belongs to the parent chart, it is advice, and
only where it looks like a slip.`,
    cure: `Write the key that is proposed, or look it up in the chart's README. What a parent chart needs for itself goes under
\`global\`.`,
    example: 'replicaCout: 3\n',
  }),
  entry({
    id: 'unknown-name',
    title: 'An entry has a name that it cannot have',
    why: `Some maps take names of your own: environment variables, ports, files. What they become in Kubernetes allows certain
characters alone, and the API server would refuse the rest at the time of the upgrade.`,
    cure: 'Rename the entry to what the pattern allows.',
    example: 'env:\n  A B: x\n',
  }),
  entry({
    id: 'wrong-value',
    title: 'A value is none of those that there are',
    why: 'The key takes one of a few words, and a template would treat another one as if it were not there.',
    cure: 'Write one of the words that are listed.',
    example: 'mode: servr\n',
  }),
  entry({
    id: 'wrong-type',
    title: 'A value is of another type than is wanted',
    why: `YAML decides by the look of a value what it is: \`1.10\` is the number 1.1, \`yes\` a switch, \`"5"\` text. Templates
print it as what it is, and Kubernetes refuses it or takes something else for it.`,
    cure: 'Put quotes around it or take them away, as the message says.',
    example: 'image:\n  tag: 1.1\n',
  }),
  entry({
    id: 'wrong-number',
    title: 'A number is out of bounds',
    why: 'There is a least or a greatest number that Kubernetes, the mesh or the program takes.',
    cure: 'Write a number within the bounds that the message names.',
    example: 'ports:\n  grpc:\n    containerPort: 70000\n',
  }),
  entry({
    id: 'wrong-form',
    title: 'Text is not of the form that is wanted',
    why: `Durations, digests, labels and names are text with a form. What is not of it is refused by the API server, or read as
something else by a proxy.`,
    cure: 'Write it in the form that the message names.',
    example: 'loadBalancing:\n  timeout: 5 seconds\n',
  }),
  entry({
    id: 'missing-key',
    title: 'An entry lacks a key that it cannot do without',
    why: 'What the entry becomes in Kubernetes has a field without which the API server refuses it.',
    cure: 'Add the key.',
    example: 'imagePullSecrets:\n  - {}\n',
  }),
  entry({
    id: 'schema',
    title: "The chart's schema refuses a value",
    why: 'The schema has a condition that none of the other rules words; Helm refuses the values with the same reason.',
    cure: "Change the value as the reason says; the chart's README tells what each key takes.",
  }),
]

function entry({
  example,
  ...told
}: Pick<RuleEntry, 'id' | 'title' | 'why' | 'cure'> & { readonly example?: string }): RuleEntry {
  return {
    ...told,
    group: 'schema',
    severity: 'error',
    sources: [],
    example: () => valuesExample(told.id, example ?? ''),
  }
}
