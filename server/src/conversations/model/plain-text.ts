/** Traditional characters that messages about money use, beside their simplified forms. */
const TRADITIONAL =
  '還还別别訴诉剛刚繼继與与電电話话發发請请錢钱們们這这個个號号錯错誤误沒没繳缴週周簡简訊讯傳传會会時时對对錄录騷骚擾扰為为點点麼么收收額额嗎吗後后來来過过讓让種种說说報报該该債债贷贷爲为機机銀银單单據据帳账費费約约認认識识現现實实給给開开關关應应轉转處处結结務务問问勝胜詐诈騙骗證证權权員员業业將将卻却無无難难從从幾几萬万歲岁條条邊边間间長长書书買买賣卖賬账醫医藥药離离葬葬親亲父父母母兒儿媽妈爺爷奶奶聽听見见氣气嘅的冇没唔不係是佢他俾给咗了畀给'
const SIMPLE: ReadonlyMap<string, string> = new Map(
  Array.from({ length: TRADITIONAL.length / 2 }, (_, index) => [
    TRADITIONAL.charAt(2 * index),
    TRADITIONAL.charAt(2 * index + 1),
  ]),
)

/** What is said further on in a longer text is for a person to read. */
const CHARS_MAX = 2_000

/** A text as rules and model read it: one width, one case, simplified characters, single spaces. */
export function plainText(text: string): string {
  return [...text.slice(0, CHARS_MAX).normalize('NFKC').toLowerCase()]
    .map((char) => SIMPLE.get(char) ?? char)
    .join('')
    .replaceAll(/[\u2018\u2019\u02bc`]/g, "'")
    .replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()
}
