import type { Command } from 'commander'
import type { Io } from './io.ts'

/** `dunlin recording rate FILE…` */
export function defineRecording(
  program: Command,
  { isJson, io }: { readonly isJson: () => boolean; readonly io: Io },
): void {
  program
    .command('recording')
    .description('what the two of a call heard, from a recording of it')
    .command('rate')
    .description(
      'noise, clipping, silence, talk-over and one-way audio of stereo WAV files, the agent on the left',
    )
    .argument('<files...>')
    .action(async (files: string[]) => {
      const { runRateRecordings } = await import('./recording.ts')
      process.exitCode = runRateRecordings(files, { json: isJson(), io })
    })
}
