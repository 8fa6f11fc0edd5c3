import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asksNoWechat } from './asks-no-wechat.ts'

test('a wish not to be contacted on WeChat is heard on every channel', () => {
  for (const text of [
    '不要再用微信联系我',
    '别在微信上找我！',
    '请勿通过企业微信打扰',
    '以后微信不要再发消息了',
    '别再加我微信',
    'Never contact me on WeChat.',
    "don't message me via wechat",
    'Stop messaging me on WeChat',
    '請不要再用微信联系我',
  ]) {
    assert.equal(asksNoWechat(text, false), true, text)
  }
})

test('inside WeChat it need not be named', () => {
  for (const text of [
    '不要再联系我',
    '别再给我发了',
    '别找我',
    "Don't contact me",
    '不要再发消息',
  ]) {
    assert.equal(asksNoWechat(text, true), true, text)
    assert.equal(asksNoWechat(text, false), false, text)
  }
})

test('questions and news about paying stop nothing', () => {
  for (const text of [
    '微信可以还款吗',
    '我加你微信了',
    '已经还了，请查一下',
    '下周五还可以吗',
    '不要着急，我明天还',
    'Can I pay with WeChat?',
    '请用微信联系我',
    '',
  ]) {
    assert.equal(asksNoWechat(text, false), false, text)
    assert.equal(asksNoWechat(text, true), false, text)
  }
})
