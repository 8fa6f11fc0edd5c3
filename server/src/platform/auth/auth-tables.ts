// The sign-in library's tables and columns under our names: the migration `staff-and-sign-in` makes them.

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' } as const

export const USER = {
  modelName: 'auth_user',
  fields: { emailVerified: 'email_verified', ...TIMES },
} as const

export const SESSION = {
  modelName: 'auth_session',
  fields: {
    userId: 'user_id',
    expiresAt: 'expires_at',
    ipAddress: 'ip_address',
    userAgent: 'user_agent',
    ...TIMES,
  },
} as const

export const ACCOUNT = {
  modelName: 'auth_account',
  fields: {
    accountId: 'account_id',
    providerId: 'provider_id',
    userId: 'user_id',
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
    idToken: 'id_token',
    accessTokenExpiresAt: 'access_token_expires_at',
    refreshTokenExpiresAt: 'refresh_token_expires_at',
    ...TIMES,
  },
} as const

export const VERIFICATION = {
  modelName: 'auth_verification',
  fields: { expiresAt: 'expires_at', ...TIMES },
} as const

export const TWO_FACTOR = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'auth_two_factor',
    fields: {
      backupCodes: 'backup_codes',
      userId: 'user_id',
      failedVerificationCount: 'failed_verification_count',
      lockedUntil: 'locked_until',
    },
  },
}

export const PASSKEY = {
  passkey: {
    modelName: 'auth_passkey',
    fields: {
      publicKey: 'public_key',
      userId: 'user_id',
      credentialID: 'credential_id',
      deviceType: 'device_type',
      backedUp: 'backed_up',
      createdAt: 'created_at',
    },
  },
}
