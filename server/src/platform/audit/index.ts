export { insertAudit } from './audit-store.ts'
export { type AuditFilter, countAudit, listAudit } from './search-store.ts'
