import { type Abstract, alternativesOf, eachOf, either, nothing, someText, textsOf, unknown } from './abstract-value.ts'
import { callFunction } from './functions.ts'
import type { Shape } from './shape.ts'
import { type Head, type Node, type Operand, type Pipe, parseTemplate } from './syntax.ts'

/** Variables that a part of a template sees; those of an outer part may be changed in an inner one. */
type Scope = Map<string, { value: Abstract }>

/**
 * Reads of values that nobody declares, as `FILE: PATH`, in a chart's templates by file. Every branch is gone through with
 * all that its values may be: variables, `with` and `range`, and arguments of `include` are followed to the values they
 * stand for. Of a value that may be one of several, a key has to be declared in one of them.
 *
 * @throws Error where a template cannot be parsed, or includes one that there is not
 */
export function undeclaredReads(templates: Readonly<Record<string, string>>, declared: Shape): string[] {
  const problems = new Set<string>()
  const defined = new Map<string, { file: string; body: readonly Node[] }>()
  const bodies = Object.entries(templates).map(([file, text]) => ({ file, body: parseTemplate(text) }))
  for (const { file, body } of bodies) {
    for (const node of body) if (node.kind === 'define') defined.set(node.name, { file, body: node.body })
  }
  const running: string[] = []
  let file = ''

  function run(template: { file: string; body: readonly Node[] }, dot: Abstract): Abstract {
    const caller = file
    file = template.file
    const yaml: Abstract[] = []
    walk(template.body, dot, new Map([['$', { value: dot }]]), yaml)
    file = caller
    return { kind: 'text', yaml: yaml.length === 0 ? undefined : either(...yaml) }
  }

  function walk(nodes: readonly Node[], dot: Abstract, outer: Scope, yaml: Abstract[]): void {
    const scope = new Map(outer)
    for (const node of nodes) {
      if (node.kind === 'output') {
        const value = evaluate(node.pipe, dot, scope)
        for (const one of alternativesOf(value)) if (one.kind === 'text' && one.yaml) yaml.push(one.yaml)
      } else if (node.kind === 'assign') {
        const value = evaluate(node.pipe, dot, scope)
        const known = scope.get(node.name)
        if (node.declares || known === undefined) scope.set(node.name, { value })
        else known.value = either(known.value, value)
      } else if (node.kind !== 'define') {
        const inner = new Map(scope)
        const below = enter(node.kind, node.head, dot, inner)
        walk(node.body, below, inner, yaml)
        walk(node.otherwise, dot, inner, yaml)
      }
    }
  }

  /** Binds the variables of a head; gives the dot of the body. */
  function enter(kind: 'if' | 'with' | 'range', { variables, pipe }: Head, dot: Abstract, scope: Scope): Abstract {
    const value = evaluate(pipe, dot, scope)
    if (kind !== 'range') {
      for (const name of variables) scope.set(name, { value })
      return kind === 'if' ? dot : value
    }
    const { keys, entries } = eachOf(value)
    const [one = '', two] = variables
    scope.set(one, { value: two === undefined ? entries : keys })
    if (two !== undefined) scope.set(two, { value: entries })
    return entries
  }

  function evaluate(pipe: Pipe, dot: Abstract, scope: Scope): Abstract {
    return (
      pipe.reduce<Abstract | undefined>((before, [head, ...rest]) => {
        const operands = head?.of.kind === 'function' ? rest : head ? [head, ...rest] : []
        const args = operands.map((operand) => operandValue(operand, dot, scope))
        if (before !== undefined) args.push(before)
        if (head?.of.kind === 'function') return callFunction(head.of.text, args, { entry, include })
        // A method of Helm's, such as .Files.Get, where it has arguments.
        return args.length === 1 ? args[0] : unknown
      }, undefined) ?? nothing
    )
  }

  function operandValue({ of, fields }: Operand, dot: Abstract, scope: Scope): Abstract {
    return fields.reduce((value, key) => field(value, key), base())

    function base(): Abstract {
      if (of.kind === 'dot') return dot
      if (of.kind === 'pipe') return evaluate(of.pipe, dot, scope)
      if (of.kind === 'text') return of
      if (of.kind === 'function') return callFunction(of.text, [], { entry, include })
      const variable = scope.get(of.text)
      if (variable === undefined) throw new Error(`${file}: there is no variable ${of.text}`)
      return variable.value
    }
  }

  function entry(of: Abstract, key: Abstract): Abstract {
    const texts = textsOf(key)
    if (texts !== undefined) return either(...texts.map((text) => field(of, text)))
    for (const one of alternativesOf(of)) {
      if (one.kind === 'values' && one.shape.kind === 'keys')
        problems.add(`${file}: ${one.path}[of a key that nobody can tell]`)
    }
    return eachOf(of).entries
  }

  function field(of: Abstract, key: string): Abstract {
    const found: Abstract[] = []
    const missing: string[] = []
    for (const one of alternativesOf(of)) {
      if (one.kind === 'root')
        found.push(key === 'Values' ? { kind: 'values', path: '.Values', shape: declared } : unknown)
      else if (one.kind === 'dict') found.push(...[one.entries.get(key) ?? one.others ?? []].flat())
      else if (one.kind !== 'values') found.push(unknown)
      else {
        const shape = shapeBelow(one.shape, key)
        const path = one.shape.kind === 'each' ? `${one.path}.NAME` : `${one.path}.${key}`
        if (shape === undefined) missing.push(`${one.path}.${key}`)
        else found.push({ kind: 'values', path, shape })
      }
    }
    if (found.length === 0) for (const path of missing) problems.add(`${file}: ${path}`)
    return either(...found)
  }

  function include(name: Abstract, argument: Abstract): Abstract {
    const outputs = textsOf(name)?.map((text) => {
      const template = defined.get(text)
      if (template === undefined) throw new Error(`${file} includes ${text}, which there is not`)
      if (running.includes(text)) return unknown
      running.push(text)
      const output = run(template, argument)
      running.pop()
      return output
    })
    if (outputs === undefined) problems.add(`${file}: includes a template that nobody can tell`)
    return either(...(outputs ?? [someText]))
  }

  for (const template of bodies) run(template, { kind: 'root' })
  return [...problems].sort()
}

function shapeBelow(shape: Shape, key: string): Shape | undefined {
  if (shape.kind === 'keys') return Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined
  if (shape.kind === 'each') return shape.entry
  return shape.kind === 'any' ? shape : undefined
}
