import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { checkCommand } from './commands/check.ts'
import { demoCommand } from './commands/demo.ts'
import { matrixCommand } from './commands/matrix.ts'
import { reportCommand } from './commands/report.ts'
import { rolloutCommand } from './commands/rollout.ts'
import { runCommand } from './commands/run.ts'
import { scaleCommand } from './commands/scale.ts'
import { toolsCommand } from './commands/tools.ts'
import { verdictCommand } from './commands/verdict.ts'
import { runCli } from './lib/run-cli.ts'

const program = new Command('evenly')
  .description('Shows, proves and fixes how gRPC requests spread over Kubernetes pods.')
  .version(packageJson.version)
  .showSuggestionAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 as expected, 1 error, 64 usage, 65 bad input, 69 unavailable, 79 verdict not met or mistakes found,\n130 ended by Ctrl-C.',
  )
  .addCommand(demoCommand())
  .addCommand(verdictCommand())
  .addCommand(checkCommand())
  .addCommand(runCommand())
  .addCommand(matrixCommand())
  .addCommand(scaleCommand())
  .addCommand(rolloutCommand())
  .addCommand(reportCommand())
  .addCommand(toolsCommand())

await runCli(program, process.argv.slice(2))
