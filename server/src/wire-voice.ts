import { type Clock, Secret } from '@dunlin/kernel'
import { z } from 'zod'
import type { Channel, ProviderAccount } from './channels/channel.ts'
import { createRobotChannel } from './channels/voice/robot-channel.ts'
import { robotSettings } from './channels/voice/robot-settings.ts'
import type { RobotTalk } from './channels/voice/robot-talk.ts'

type OpenVoice = {
  readonly account: ProviderAccount
  readonly channel: Channel
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
  readonly mailboxes: null
  readonly probe: () => Promise<{ isOk: boolean; detail: string }>
}

const secretsShape = z.strictObject({ password: z.string().min(1) })

/** Opens a FreeSWITCH account. It makes calls where somebody talks, which is the worker and no other process. */
export function openVoice(given: {
  readonly row: { readonly settings: unknown; readonly secrets: Secret<unknown> }
  readonly account: ProviderAccount
  readonly world: {
    readonly clock: Clock
    readonly talk?: RobotTalk
    readonly onTrouble?: (error: unknown) => void
  }
}): OpenVoice {
  const { row, account, world } = given
  const settings = robotSettings.parse(row.settings)
  const { password } = secretsShape.parse(row.secrets.reveal())
  const channel = createRobotChannel({
    ...{ account, settings, password: new Secret(password), clock: world.clock },
    talk: world.talk ?? null,
    onTrouble: world.onTrouble ?? (() => undefined),
  })
  return {
    ...{ account, channel, health: channel.health, mailboxes: null },
    probe: async () => {
      const isOk = await channel.whenReady(settings.connectWaitMs)
      const detail = isOk ? 'logged in' : (channel.health().lastError ?? 'no login')
      return { isOk, detail }
    },
  }
}
