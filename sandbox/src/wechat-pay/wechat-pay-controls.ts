import type { Controls } from '../control/control-server.ts'
import { changeOf, numberField, textField } from '../control/read-body.ts'
import { WECHAT_PAY_BEHAVED } from './misbehaviour.ts'
import type { WechatPayServer } from './wechat-pay-server.ts'

/** The doors by which tests and demos make people pay and confirm. */
export function wechatPayControls(
  server: WechatPayServer,
  onTrouble: (what: string) => void,
): Controls {
  const told = (pushed: Promise<boolean>): void => {
    pushed.then(
      (isTaken) => isTaken || onTrouble('WeChat Pay: a callback was not taken'),
      (error: unknown) => onTrouble(`WeChat Pay: ${String(error)}`),
    )
  }
  return {
    'GET /wechat-pay': () => ({
      orders: [...server.state.orders.values()].map(({ outTradeNo, state, totalMinor }) => ({
        ...{ outTradeNo, state, totalMinor },
      })),
      refunds: [...server.state.refunds.values()].map(({ outRefundNo, state }) => ({
        ...{ outRefundNo, state },
      })),
      transfers: [...server.state.transfers.values()].map(({ outBillNo, state, amountMinor }) => ({
        ...{ outBillNo, state, amountMinor },
      })),
      calls: Object.fromEntries(server.state.calls),
    }),
    'POST /wechat-pay/misbehave': ({ body }) =>
      server.misbehave(changeOf(WECHAT_PAY_BEHAVED, body)),
    'POST /wechat-pay/pay': ({ body }) =>
      told(server.pay(textField(body, 'outTradeNo'), numberField(body, 'couponMinor') ?? 0)),
    'POST /wechat-pay/refund': ({ body }) =>
      told(server.settleRefund(textField(body, 'outRefundNo'), 'SUCCESS')),
    'POST /wechat-pay/confirm': ({ body }) => told(server.confirm(textField(body, 'outBillNo'))),
    'POST /wechat-pay/rotate': () => server.rotate(),
  }
}
