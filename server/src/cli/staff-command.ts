import { ROLES } from '@dunlin/contract'
import { type Command, Option } from 'commander'
import type { World } from '../main.ts'
import type { Io } from './io.ts'
import type { NewPerson } from './staff.ts'

type Given = {
  readonly withWorld: (work: (world: World) => Promise<number>) => Promise<void>
  readonly io: Io
}

/** `dunlin staff …` */
export function defineStaff(program: Command, { withWorld, io }: Given): void {
  const staff = program.command('staff').description('people who sign in to the console')
  staff
    .command('list')
    .description('everybody with their roles')
    .action(async () => {
      const { runStaffList } = await import('./staff.ts')
      await withWorld((world) => runStaffList(world, program.opts().json === true, io))
    })
  staff
    .command('add <email>')
    .description('make an account; its password is printed once')
    .requiredOption('--name <name>', 'as colleagues call them')
    .addOption(
      new Option('--role <role...>', 'what they may do').choices(ROLES).makeOptionMandatory(),
    )
    .option('--team <name>', 'whose cases they reach, for an agent or a team lead')
    .option('--agency <name>', 'they reach what is placed with it, and nothing else')
    .option('--agent <login>', 'who they are for the gate: an agent of the settings')
    .action(async (email: string, options: Omit<NewPerson, 'email'>) => {
      const { runStaffAdd } = await import('./staff.ts')
      await withWorld((world) => runStaffAdd(world, { email, ...options }, io))
    })
  staff
    .command('password <email>')
    .description('give a new password, printed once; every session ends')
    .action(async (email: string) => {
      const { runStaffPassword } = await import('./staff.ts')
      await withWorld((world) => runStaffPassword(world, email, io))
    })
  staff
    .command('disable <email>')
    .description('shut an account out: its sessions reach nothing from now on')
    .option('--undo', 'let it in again')
    .action(async (email: string, { undo }: { undo?: boolean }) => {
      const { runStaffDisable } = await import('./staff.ts')
      await withWorld((world) => runStaffDisable(world, { email, isOut: undo !== true }, io))
    })
}
