export { isSecret, newSecret } from './sign.ts'
export { createWebhookSender, type SenderOptions, type WebhookSender } from './webhook-sender.ts'
export {
  type EndpointState,
  forgetSettled,
  hasEndpoint,
  listEndpointStates,
  requeue,
  upsertEndpoint,
} from './webhook-store.ts'
