export {
  compileSource,
  reviewTemplateDraft,
  rollBackTemplate,
  type TemplateRefusal,
  writeTemplateDraft,
} from './change-template.ts'
export { type LintedVariant, lintTemplate } from './lint-template.ts'
export { loadTemplates, shippedSource } from './load-templates.ts'
export {
  countWaitingTemplates,
  listTemplateDrafts,
  listTemplateReleases,
  type TemplateDraft,
} from './template-store.ts'
export { gateInForce, templateIds } from './templates-in-force.ts'
