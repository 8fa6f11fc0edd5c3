import { formatInstant, textsOf } from '@dunlin/ui'
import { useState } from 'react'
import { call, newKey } from '../app/client.ts'
import { useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { ActForm, Load, WordsField } from '../parts/parts.tsx'

const useMessages = textsOf('messages', {
  zh: {
    title: '留言',
    none: '还没有留言。写下您想说的，我们的同事会回复。',
    mine: '您',
    theirs: '我们',
    words: '写给我们',
    send: '发送',
    sent: '已发送，我们会尽快回复。',
    thread: '往来消息',
  },
  en: {
    title: 'Messages',
    none: 'No messages yet. Write what you would like to say; a colleague will answer.',
    mine: 'You',
    theirs: 'We',
    words: 'Write to us',
    send: 'Send',
    sent: 'Sent. We answer as soon as we can.',
    thread: 'Messages',
  },
})

const loadMessages = () => call('GET /portal-api/messages', {})

export function MessagesPage() {
  const say = useMessages()
  const [loaded, again] = useAnswer(loadMessages)
  const [text, setText] = useState('')
  const [key, setKey] = useState(newKey)
  const [isSent, setSent] = useState(false)
  const send = async () => {
    await call('POST /portal-api/messages', { body: { text }, once: key })
    setKey(newKey())
    setText('')
    setSent(true)
    again()
  }
  return (
    <Page title={say('title')}>
      <Load loaded={loaded} again={again}>
        {({ messages }) => (
          <>
            {messages.length === 0 && <p>{say('none')}</p>}
            <ol className="thread" aria-label={say('thread')}>
              {messages.map((message) => (
                <li key={message.id} className={message.from === 'borrower' ? 'said mine' : 'said'}>
                  <span className="soft">
                    {say(message.from === 'borrower' ? 'mine' : 'theirs')} ·{' '}
                    {formatInstant(message.at)}
                  </span>
                  {'\n'}
                  {message.text}
                </li>
              ))}
            </ol>
          </>
        )}
      </Load>
      <ActForm label={say('send')} act={send} isReady={text.trim() !== ''}>
        <WordsField
          label={say('words')}
          value={text}
          onChange={(next) => {
            setText(next)
            setSent(false)
          }}
        />
      </ActForm>
      <div role="status">{isSent && <p className="note good">{say('sent')}</p>}</div>
    </Page>
  )
}
