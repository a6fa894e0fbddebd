import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Scenario } from '../../scripts/cluster/scenario.ts'
import { readScenarios } from '../../scripts/cluster/scenarios.ts'
import { checkCommand } from '../../scripts/commands/check.ts'
import { matrixCommand } from '../../scripts/commands/matrix.ts'
import { reportCommand } from '../../scripts/commands/report.ts'
import { rolloutCommand } from '../../scripts/commands/rollout.ts'
import { runCommand } from '../../scripts/commands/run.ts'
import { scaleCommand } from '../../scripts/commands/scale.ts'
import { projectRoot, runTool } from '../chart/helm.ts'
import { consoleBlocksIn, fencesIn, type Step } from './console-blocks.ts'

// What the commands print is held to the document on a cluster, by test/cluster/scenarios-doc.test.ts.
const file = 'docs/scenarios.md'
const markdown = readFileSync(join(projectRoot, file), 'utf8')
const fences = fencesIn(markdown)
const blocks = consoleBlocksIn(markdown)
const steps = blocks.flatMap((block) => block.steps)
const scenarios = readScenarios()
/** Needs that the cluster this is written on does not meet. */
const notHere: readonly string[] = ['linkerd', 'istio-ambient']

describe(file, () => {
  it('has a section for every scenario, and none for another', () => {
    const sections = [...markdown.matchAll(/^### ([a-z0-9-]+)$/gm)].map(([, name]) => name)
    expect(sections.sort()).toEqual(scenarios.map(({ name }) => name).sort())
  })

  it('lists every scenario as its values file has it', () => {
    const rows = [...markdown.matchAll(/^\| \[([a-z0-9-]+)\]\(#\1\) \| (.*) \|$/gm)]
    const listed = rows.map(([, name, cells = '']) => [name, ...cells.split(' | ')])
    expect(listed).toEqual(scenarios.map(rowOf))
  })

  it.each(scenarios)('says of $name what is in its values files, and links them', (scenario) => {
    const { name, releases, values } = scenario
    const section = sectionOf(name)
    for (const release of releases) expect(section).toContain(`](../${release.file})`)
    const shown = fences.filter(({ kind, heading }) => kind === 'yaml' && heading === name)
    for (const { lines } of shown) expect(values).toMatchObject(parse(lines.join('\n')))
  })

  it.each(scenarios.filter(runsHere))(
    'shows $name run, with the verdict that is expected of it',
    ({ name, expected }) => {
      const step = steps.find(({ command }) => command === `npx evenly run ${name}`)
      expect(step?.shown.filter((line) => /[✔✖]/.test(line))[0]).toMatch(
        new RegExp(`^${name} +${expected} +✔ ${expected} `),
      )
      expect(sectionOf(name)).toContain(`$ npx evenly run ${name}\n`)
      expect(step?.shown.at(-1)).toBe('1 of 1 as expected')
    },
  )

  it.each(scenarios.filter((scenario) => !runsHere(scenario)))('does not pretend to have run $name', ({ name }) => {
    expect(steps.filter(({ command }) => command.includes(`evenly run ${name}`))).toEqual([])
    expect(markdown.indexOf(`### ${name}\n`)).toBeGreaterThan(markdown.indexOf('## Not run here'))
  })

  it('names only commands and options of evenly that there are, and scenarios', () => {
    const used = [...markdown.matchAll(/(?:npx )?\bevenly (run|matrix|scale|rollout|check|report)\b([^`|\n]*)/g)]
    expect(used.length).toBeGreaterThan(scenarios.length)
    for (const [text, verb, rest = ''] of used) {
      const { options } = verbs.find((each) => each.name() === verb) as Command
      for (const [option] of rest.matchAll(/ --?[a-z][a-z-]*/g)) {
        expect([...options.map(({ long }) => long), '-o'], text).toContain(option.trim())
      }
      if (!['run', 'scale', 'rollout'].includes(verb as string) || !text.startsWith('npx')) continue
      const [, name = ''] = /^ ([a-zA-Z-]+)/.exec(rest) ?? []
      if (name !== '' && name !== 'NAME')
        expect(
          scenarios.map((each) => each.name),
          text,
        ).toContain(name)
    }
  })

  it('names only values files that there are, and links that lead somewhere', () => {
    for (const [, path] of markdown.matchAll(/\b(values\/[\w.-]+\.yaml)/g)) expectFile(path as string)
    const anchors = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
    for (const [, target = ''] of markdown.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (target.startsWith('#')) expect(anchors).toContain(target.slice(1))
      else expectFile(join(dirname(file), target))
    }
  })

  it('is made of console and yaml blocks alone, in lines that fit a screen', () => {
    expect(new Set(fences.map(({ kind }) => kind))).toEqual(new Set(['console', 'yaml']))
    const output = new Set(steps.flatMap(({ shown }) => shown))
    const long = markdown.split('\n').filter((line) => line.length > 125 && !line.startsWith('|') && !output.has(line))
    expect(long).toEqual([])
  })

  it('removes each namespace in the block that makes it, and works in no other', () => {
    for (const block of blocks) {
      const commands = block.steps.map(({ command }) => command)
      const made = commands.flatMap((one) => /^kubectl create namespace (demo\S*)$/.exec(one)?.[1] ?? [])
      const used = commands.flatMap((one) => [...one.matchAll(/ -n (\S+)/g)].map(([, name]) => name as string))
      expect(new Set(used), `line ${block.line}`).toEqual(new Set(made))
      if (made.length > 0) expect(commands.at(-1)).toBe(`kubectl delete namespace ${made.join(' ')} --wait=false`)
    }
  })

  it.each(blocks.filter((block) => block.steps.some(isHelm)))(
    'gives Helm what the chart takes: line $line',
    async (block) => {
      const variables = new Map<string, string>([['address', 'gateway.example.com']])
      for (const { command, line } of block.steps) {
        const [, name = '', value = ''] = /^(\w+)=([\w.]+)$/.exec(command) ?? []
        variables.set(name, value)
        if (!command.startsWith('helm ')) continue
        const words = command.replace(/\$(\w+)/g, (_, variable) => variables.get(variable) ?? '').split(/[\s\\]+/)
        const args = words.slice(2).filter((word) => word !== '--install' && word !== '--wait')
        const { code, stderr } = await runTool('helm', ['template', ...args])
        expect(code, `line ${line}: ${stderr}`).toBe(0)
      }
    },
  )
})

const verbs = [runCommand(), matrixCommand(), scaleCommand(), rolloutCommand(), checkCommand(), reportCommand()]

function rowOf({ name, expected, judgeAs, needs, namespaceLabels }: Scenario): string[] {
  const labels = Object.entries(namespaceLabels).map(([key, value]) => `\`${key}=${value}\``)
  return [name, expected, judgeAs, needs.join(', ') || '–', labels.join(' ') || '–']
}

function runsHere({ needs }: Scenario): boolean {
  return !needs.some((need) => notHere.includes(need))
}

function sectionOf(name: string): string {
  const [, section = ''] = markdown.split(`\n### ${name}\n`)
  return section.split(/^#+ /m)[0] ?? ''
}

const isHelm = ({ command }: Step): boolean => command.startsWith('helm ')
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-')

const expectFile = (path: string): void => expect(existsSync(join(projectRoot, path)), path).toBe(true)
