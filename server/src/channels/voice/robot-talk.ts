import type { Permit } from '../permit.ts'
import type { CallLine } from './line-outcome.ts'

/** What came from the other end of the line. */
export type Heard =
  | { readonly kind: 'keys'; readonly keys: string }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'silence' }

/** What the robot says, and what it does when that is said. */
export type Turn = {
  readonly say: string
  readonly language: string
  readonly next:
    | {
        readonly kind: 'listen'
        /** As many keys as an answer has. */
        readonly keys: number
        readonly waitMs: number
      }
    | { readonly kind: 'hang-up' }
    | { readonly kind: 'transfer' }
}

/**
 * Whoever knows the borrower, the script and the law: the line asks it what to say, and tells it what it heard.
 * What was heard has acted on the gate once `heard` resolves.
 */
export type RobotTalk = {
  readonly begin: (permit: Permit) => Turn
  readonly heard: (permit: Permit, heard: Heard) => Promise<Turn>
  /** Told once for each call that was dialled, answered or not. */
  readonly ended: (permit: Permit, line: CallLine) => Promise<void>
}

/** Speech at the switch: a mouth, and an ear that gives words as events. */
export type Speech = {
  /** The argument of the switch's application `speak`. */
  readonly speakArgument: (text: string, language: string) => string
  /** The argument of `detect_speech`; null: the robot is deaf, and keys are all it takes. */
  readonly detectArgument: (language: string) => string | null
  /** The words of a result as the recogniser wrote it; null when it understood nothing. */
  readonly wordsOf: (body: string) => string | null
}
