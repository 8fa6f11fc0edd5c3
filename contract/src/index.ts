export * from './contact-requests.ts'
export * from './requests.ts'
export * from './responses.ts'
export * from './settings.ts'
