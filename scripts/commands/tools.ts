import { Command } from 'commander'
import { EvenlyError, unavailable, usageError } from '../lib/exit.ts'
import { recipes } from '../lib/tool-recipes.ts'
import { findTool, type ToolName, toolNames, whatItSays } from '../lib/tools.ts'

/** `evenly tools`: finds or fetches the programs that checks and tests call, and says where each one is. */
export function toolsCommand(): Command {
  return new Command('tools')
    .description('find or fetch the programs that checks and tests call, and say where each one is')
    .argument('[names...]', `of ${toolNames.join(', ')} (default: all)`)
    .option('-o, --output <format>', 'table or json', 'table')
    .action(async (names: string[], { output }: { output: string }) => {
      if (output !== 'table' && output !== 'json') throw usageError(`--output: "${output}" is neither table nor json.`)
      const wanted = names.length > 0 ? names.map(toolName) : toolNames
      const rows: Row[] = []
      for (const name of wanted) rows.push(await describe(name))
      console.log(output === 'json' ? JSON.stringify(rows, null, 2) : table(rows))
      const missing = rows.filter((row) => row.problem !== undefined)
      if (missing.length > 0) throw unavailable(missing.map((row) => row.problem).join('\n'))
    })
}

interface Row {
  readonly name: string
  readonly from: string
  readonly version: string
  readonly path: string
  readonly problem?: string
}

function toolName(name: string): ToolName {
  const known = toolNames.find((candidate) => candidate === name)
  if (known === undefined)
    throw usageError(`tools: there is no tool "${name}" here; known are ${toolNames.join(', ')}.`)
  return known
}

async function describe(name: ToolName): Promise<Row> {
  try {
    const { path, from } = await findTool(name)
    const says = await whatItSays(path, recipes[name].versionArgs)
    const onPath = /\bv?\d+\.\d+(\.\d+)?/.exec(says)?.[0] ?? 'of unknown version'
    return { name, from, version: from === 'PATH' ? onPath : `v${recipes[name].version}`, path }
  } catch (error) {
    if (!(error instanceof EvenlyError)) throw error
    return { name, from: 'nowhere', version: '-', path: '-', problem: error.message }
  }
}

function table(rows: readonly Row[]): string {
  const cells = [['TOOL', 'VERSION', 'FROM', 'PATH'], ...rows.map((row) => [row.name, row.version, row.from, row.path])]
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  return cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
