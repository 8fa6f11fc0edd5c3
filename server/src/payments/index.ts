export {
  type CallbackHeaders,
  type CallbackRefusal,
  signCallback,
  verifyCallback,
} from './verify-callback.ts'
