import { Command } from 'commander'
import { EvenlyError, unavailable, usageError } from '../lib/exit.ts'
import { recipes } from '../lib/tool-recipes.ts'
import { type Found, findTool, locateTool, type ToolName, toolNames, whatItSays } from '../lib/tools.ts'

/** `evenly tools`: says where the programs that checks and tests call are; those that are named it fetches, too. */
export function toolsCommand(): Command {
  return new Command('tools')
    .description('Says where the programs that checks and tests call are, and fetches those that are named.')
    .argument('[names...]', `to fetch where missing, of ${toolNames.join(', ')} (default: list all, fetch none)`)
    .option('-o, --output <format>', 'table or json', 'table')
    .action(async (names: string[], { output }: { output: string }) => {
      if (output !== 'table' && output !== 'json') throw usageError(`--output: "${output}" is neither table nor json.`)
      const wanted = names.map(toolName)
      const rows: Row[] = []
      for (const name of wanted.length > 0 ? wanted : toolNames) {
        rows.push(wanted.length > 0 ? await fetched(name) : await listed(name))
      }
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

async function listed(name: ToolName): Promise<Row> {
  const found = await locateTool(name)
  return found ? row(name, found) : { name, from: 'nowhere yet', version: '-', path: '-' }
}

async function fetched(name: ToolName): Promise<Row> {
  try {
    return await row(name, await findTool(name))
  } catch (error) {
    if (!(error instanceof EvenlyError)) throw error
    return { name, from: 'nowhere', version: '-', path: '-', problem: error.message }
  }
}

async function row(name: ToolName, { path, from }: Found): Promise<Row> {
  if (from !== 'PATH') return { name, from, version: `v${recipes[name].version}`, path }
  const says = await whatItSays(path, recipes[name].versionArgs)
  return { name, from, version: /\bv?\d+\.\d+(\.\d+)?/.exec(says)?.[0] ?? 'unknown', path }
}

function table(rows: readonly Row[]): string {
  const cells = [['TOOL', 'VERSION', 'FROM', 'PATH'], ...rows.map((row) => [row.name, row.version, row.from, row.path])]
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  return cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
