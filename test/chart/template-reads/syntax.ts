/** A Go template, as far as it matters which values it reads. */
export type Node =
  | { readonly kind: 'output'; readonly pipe: Pipe }
  | { readonly kind: 'assign'; readonly name: string; readonly declares: boolean; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'with' | 'range'; readonly head: Head; readonly body: Node[]; readonly otherwise: Node[] }
  | { readonly kind: 'define'; readonly name: string; readonly body: Node[] }

/** What `if`, `with` and `range` look at, and the variables that they name it by. */
export interface Head {
  readonly variables: readonly string[]
  readonly pipe: Pipe
}

/** Commands, each with the result of the one before as its last argument. */
export type Pipe = readonly (readonly Operand[])[]

export interface Operand {
  readonly of:
    | { readonly kind: 'dot' }
    | { readonly kind: 'variable' | 'function'; readonly text: string }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'pipe'; readonly pipe: Pipe }
  readonly fields: readonly string[]
}

/** Parses the text of one file. */
export function parseTemplate(text: string): Node[] {
  const actions = [...text.matchAll(actionPattern)]
    .map(([, action = '']) => action.trim())
    .filter((action) => action !== '' && !action.startsWith('/*'))
  const [nodes, end] = parseNodes(actions, 0)
  if (end < actions.length) throw new Error(`nothing is open that {{ ${actions[end]} }} could end`)
  return nodes
}

const actionPattern = /\{\{-?((?:"(?:[^"\\]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|[^"`}]|\}(?!\}))*?)-?\}\}/g

/** The nodes up to the `else` or `end` that has to come, and where that stands. */
function parseBody(actions: readonly string[], start: number): [nodes: Node[], end: number] {
  const [nodes, end] = parseNodes(actions, start)
  if (end === actions.length) throw new Error(`nothing ends {{ ${actions[start - 1]} }}`)
  return [nodes, end]
}

function parseNodes(actions: readonly string[], start: number): [nodes: Node[], end: number] {
  const nodes: Node[] = []
  let at = start
  for (; at < actions.length; at++) {
    const action = actions[at] as string
    const [word = '', rest] = splitWord(action)
    if (word === 'end' || word === 'else') break
    if (word === 'if' || word === 'with' || word === 'range') {
      const [node, end] = parseBlock(word, rest, actions, at + 1)
      nodes.push(node)
      at = end
    } else if (word === 'define') {
      const [body, end] = parseBody(actions, at + 1)
      nodes.push({ kind: 'define', name: rest.slice(1, -1), body })
      at = end
    } else if (word !== 'break' && word !== 'continue') {
      nodes.push(parseStatement(action))
    }
  }
  return [nodes, at]
}

function parseBlock(
  kind: 'if' | 'with' | 'range',
  head: string,
  actions: readonly string[],
  start: number,
): [Node, number] {
  const [body, end] = parseBody(actions, start)
  const node = { kind, head: parseHead(head), body }
  const [word, rest] = splitWord(actions[end] ?? '')
  if (word !== 'else') return [{ ...node, otherwise: [] }, end]
  const [inner, condition] = splitWord(rest)
  if (inner === 'if' || inner === 'with') {
    const [otherwise, last] = parseBlock(inner, condition, actions, end + 1)
    return [{ ...node, otherwise: [otherwise] }, last]
  }
  const [otherwise, last] = parseBody(actions, end + 1)
  return [{ ...node, otherwise }, last]
}

const splitWord = (action: string): [word: string, rest: string] => {
  const [, word = '', rest = ''] = /^([a-z]*)\s*([\s\S]*)$/.exec(action) ?? []
  return [word, rest]
}

function parseHead(text: string): Head {
  const [, names, pipe = text] = /^((?:\$\w+\s*,\s*)?\$\w+)\s*:=\s*([\s\S]*)$/.exec(text) ?? []
  return { variables: names?.split(',').map((name) => name.trim()) ?? [], pipe: parsePipe(pipe) }
}

function parseStatement(text: string): Node {
  const [, name, sign, pipe = ''] = /^(\$\w+)\s*(:?=)\s*([\s\S]*)$/.exec(text) ?? []
  if (name === undefined) return { kind: 'output', pipe: parsePipe(text) }
  return { kind: 'assign', name, declares: sign === ':=', pipe: parsePipe(pipe) }
}

const tokenPattern = /(\s*)("(?:[^"\\]|\\.)*"|`[^`]*`|-?\d[\w.]*|\$\w*|\.[A-Za-z_]\w*|[A-Za-z_]\w*|[.()|])/g

function parsePipe(text: string): Pipe {
  const tokens = [...text.matchAll(tokenPattern)].map(([, space, token = '']) => ({ token, apart: space !== '' }))
  if (tokens.map(({ token }) => token).join('') !== text.replaceAll(/("(?:[^"\\]|\\.)*"|`[^`]*`)|\s+/g, '$1')) {
    throw new Error(`this is no pipeline: ${text}`)
  }
  let at = 0
  const pipe = (): Pipe => {
    const commands: Operand[][] = [[]]
    for (; at < tokens.length && tokens[at]?.token !== ')'; ) {
      if (tokens[at]?.token === '|') {
        commands.push([])
        at++
      } else commands.at(-1)?.push(operand())
    }
    return commands
  }
  const operand = (): Operand => {
    const { token } = tokens[at++] as { token: string }
    const fields: string[] = []
    let of: Operand['of'] = { kind: 'dot' }
    if (token === '(') {
      of = { kind: 'pipe', pipe: pipe() }
      at++
    } else if (/^["`]/.test(token))
      of = { kind: 'text', text: token.startsWith('"') ? JSON.parse(token) : token.slice(1, -1) }
    else if (token.startsWith('$')) of = { kind: 'variable', text: token }
    else if (/^[A-Za-z_]/.test(token)) of = { kind: 'function', text: token }
    else if (/^\.\w/.test(token)) fields.push(token.slice(1))
    else if (token !== '.') of = { kind: 'text', text: token }
    for (; /^\.\w/.test(tokens[at]?.token ?? '') && !tokens[at]?.apart; at++)
      fields.push(tokens[at]?.token.slice(1) ?? '')
    return { of, fields }
  }
  return pipe()
}
