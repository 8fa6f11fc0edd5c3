import type { Controls } from '../control/control-server.ts'
import { changeOf, textField } from '../control/read-body.ts'
import { WECOM_BEHAVED } from './misbehaviour.ts'
import type { WecomServer } from './wecom-server.ts'

/** The doors by which tests and demos make people and members act. */
export function wecomControls(server: WecomServer, onTrouble: (what: string) => void): Controls {
  const told = (pushed: Promise<boolean>): void => {
    pushed.then(
      (isTaken) => isTaken || onTrouble('WeCom: a callback was not taken'),
      (error: unknown) => onTrouble(`WeCom: ${String(error)}`),
    )
  }
  const customer = (body: unknown) => ({
    openKfid: textField(body, 'openKfid'),
    externalUserid: textField(body, 'externalUserid'),
  })
  return {
    'GET /wecom': () => ({
      contacts: [...server.state.contacts.values()].map(({ userid, externalUserid }) => ({
        userid,
        externalUserid,
      })),
      tasks: [...server.state.tasks.values()].map(({ msgid, sender, isCancelled, receivers }) => ({
        ...{ msgid, sender, isCancelled },
        receivers: [...receivers].map(([externalUserid, { status }]) => ({
          externalUserid,
          status,
        })),
      })),
      calls: Object.fromEntries(server.state.calls),
    }),
    'POST /wecom/misbehave': ({ body }) => server.misbehave(changeOf(WECOM_BEHAVED, body)),
    'POST /wecom/add': ({ body }) =>
      told(
        server.add({
          userid: textField(body, 'userid'),
          externalUserid: textField(body, 'externalUserid'),
          state: textField(body, 'state'),
        }),
      ),
    'POST /wecom/delete': ({ body }) =>
      told(server.deleteMember(textField(body, 'userid'), textField(body, 'externalUserid'))),
    'POST /wecom/confirm': ({ body }) => ({ sent: server.confirm(textField(body, 'msgid')) }),
    'POST /wecom/enter': ({ body }) =>
      told(server.enter({ ...customer(body), sceneParam: textField(body, 'sceneParam') })),
    'POST /wecom/write': ({ body }) =>
      told(server.write({ ...customer(body), text: textField(body, 'text') })),
  }
}
