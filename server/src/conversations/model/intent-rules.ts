import type { Intent } from './intent.ts'

// Phrases that say a class by themselves. They are read on plain text (plain-text.ts). Each rule is one idea; the
// model weighs them beside everything else, so a rule may be wrong now and then.

const NO = '(?:不要|不用|不许|不准|不想|不必|不再|别|勿|莫|停止|拒绝|拒收|禁止|终止|取消)'
const REACH =
  '(?:发|打|联系|来电|致电|骚扰|打扰|通知|提醒|推送|短信|消息|信息|电话|邮件|微信|接收|收到|扰)'
const KIN =
  '(?:爸|妈|父亲|母亲|爷爷|奶奶|老公|老婆|丈夫|妻子|儿子|女儿|孩子|家人|哥|姐|弟|妹|外公|外婆)'
const PAY = '(?:还款|还清|还上|还完|还|付|支付|转账|转|打款|汇款|汇|缴|交)'
const DAY =
  '(?:今天|今晚|今日|明天|明早|明晚|明儿|后天|马上|立刻|等下|等会|一会|待会|稍后|晚点|下午|上午|中午|晚上|周[一二三四五六日末天]|礼拜|星期|下周|本周|这周|月底|月初|下个?月|[0-9]+ ?[号日点]|发(?:了)?工资|发薪|过两天|这两天|几天内|天内|尽快|下班)'

const RULES: readonly (readonly [Intent, readonly RegExp[]])[] = [
  [
    'distress',
    [
      /不想活|活不下去|想死|去死|寻死|死了算|自杀|轻生|跳楼|跳河|跳桥|跳江|割腕|上吊|喝农药|安眠药|遗书|遗言|一了百了|结束(?:自己|生命)|撑不下去|撑不住|没有?活路|逼死|救命|救救我|来世|绝望|伤害自己|崩溃|(?:天台|楼顶|江边|桥上|铁轨)|活着.{0,3}(?:没|太累)|没.{0,2}希望|煤气|解脱|想死|病危|失去(?:了)?(?:孩子|父|母)|死了(?:就|你们)|逼疯|出人命/,
      new RegExp(`${KIN}.{0,4}(?:去世|过世|走了|没了|死了|病危)`),
      /丧事|守灵|后事|葬礼|白血病|癌|重症|抢救|\bicu\b|家暴|被打|要杀|拿刀|抑郁/,
      /kill (?:my|him|her)?self|suicid|end my life|end it (?:all|tonight)|want to die|wanna die|rather be dead|better off (?:dead|without me)|(?:don't|do not) want to (?:live|be here|wake up)|not worth living|worth living|nobody will miss|(?:on|off) the (?:roof|bridge|ledge)|can't take it|no hope|disappear|no (?:point|reason) (?:in|to) liv|(?:can't|cannot|cant) go on|overdose|hang myself|hurting myself|cutting again|going to jump|will jump|nothing to live/,
      /(?:mother|father|mum|mom|dad|wife|husband|son|daughter|child|baby|brother|sister)(?: just| has)? (?:died|passed away|was stillborn)|passed away|lost (?:our|my) (?:baby|son|daughter|child|mother|father|wife|husband)|terminal|i have cancer|(?:beat|hit)(?:s|ing) me|will kill me|with a knife|in danger|intensive care|funeral/,
    ],
  ],
  [
    'stop',
    [
      new RegExp(`${NO}(?:再|老|给我|来|用|天天|继续|跟我|每天)*.{0,4}${REACH}`),
      /退订|拒收|删(?:除|了|掉)?.{0,6}(?:号码|联系方式)|(?:号码|联系方式).{0,4}删|拉黑|黑名单|移出|移除|别(?:再)?(?:发|打|来|加)|停发|列表.{0,3}删|(?:关闭|关掉|取消).{0,4}(?:短信|通知|提醒|推送|订阅)|打嚟|唔好再/,
      /\b(?:stop|quit|cease|no more|don't|do not|dont|never) (?:\w+ )?(?:text|messag|call|contact|email|e-mail|sms|sending|writ|ring|spam)/,
      /unsubscribe|opt(?:ed)?[- ]?(?:me )?out|remove (?:me|my)|take (?:me|my number) off|leave me alone|^stop\b|block me|by post|(?:letters?|mail|post) only|only (?:contact|write)|don't want .{0,12}(?:messages|calls|texts)/,
    ],
  ],
  [
    'wrong-person',
    [
      /打错(?!字)|(?<!我)发错(?:人|号|了)|找错|搞错人|弄错人|认错人|不是(?:本人|机主|他|她|借款人|这个人)|非本人|我不(?:姓|叫)|查无此人|没有?(?:这个|此)人/,
      /(?:换|新)(?:了)?(?:号|机主|主人)|新号|前机主|二手号|不认识(?:这|你说|他|她|此)|不认得|联系人|以前的人|(?:老|一直)(?:是)?收到.{0,4}(?:催|短信)|不在(?:我们|这)|(?:室友|同学|邻居|员工|租客)/,
      /我是(?:他|她|佢)(?:的)?.{1,6}/,
      /wrong (?:number|person|guy|num|#|contact)|(?:not|isn't) (?:mr|ms|mrs|him|her|his|the (?:right )?person)|(?:no one|nobody|no such person)|never heard of|don't know (?:who|anyone|this person|him|her)|(?:his|her|previous|new) (?:owner|phone|number)|i(?:'m| am) (?:his|her|only his|just a)|(?:changed|got) (?:his|her|this) (?:number|sim)|doesn't (?:live|work) here|not my name|business line|colleague|roommate|emergency contact|not me$|someone else/,
    ],
  ],
  [
    'dispute',
    [
      /(?:没|从来没|从未|没有)(?:有)?(?:在.{0,6})?(?:借|贷|欠|签|逾期|申请)|不是我(?:借|的|贷|签|操作|欠)|不(?:认可|承认|认)|有异议|有误|冒用|冒名|盗用|被盗|被骗|诈骗犯|套路贷|高利贷|砍头息|诉讼时效|乱收费|多(?:收|扣)|重复(?:扣|收)|(?:金额|数目|数字|账单|账目|利息|钱数|天数).{0,3}(?:不对|错|有问题|不符)|算错|没到账|没入账|没放款|对不上|不(?:该|应该)收|没(?:有)?同意|(?:别人|家里人).{0,6}(?:我|身份)|注销|只认本金|系统错|不清$/,
      /(?:don't|do not|never|didn't|did not) (?:owe|sign|borrow|took|take|recogni[sz]e|receive|had|acknowledge|agree)|(?:not|isn't) (?:my|mine)\b(?! phone| number| wife)|dispute|identity|fraud|wrong amount|amount is (?:wrong|incorrect)|overcharged|charged .{0,10}twice|incorrect|\bwrong\b(?! (?:number|person|guy|num|contact|chat))|error in|not late|statute barred|my records|calculat/,
    ],
  ],
  [
    'complaint',
    [
      /投诉|举报|报警|报案|曝光|律师|起诉|法庭见|告你|银保监|金融监管|12378|消协|记者|媒体|违法|违规|侵犯|泄露|隐私|暴力|骂|威胁|恐吓|态度|素质|侮辱|骚扰(?:我|他|她)?(?:的)?(?:家|同事|朋友|父母|邻居)|电话骚扰|半夜|(?:打|告诉|联系).{0,4}(?:单位|公司|父母|朋友|家人|同事|别人|亲戚)|通讯录|差劲|维权|经理|冒充|你们领导|软暴力|道歉/,
      /complain|harass|regulator|ombudsman|lawyer|solicitor|\bsue\b|police|rude|swore|threat|privacy|breach|insult|abus|unacceptable|disgust|manager|terrible|awful|worst|illegal|your (?:agent|staff|collector)s?\b|(?:called?|told|tell|contact(?:ed)?) my (?:boss|employer|mother|parents|family|office)/,
    ],
  ],
  [
    'paid-already',
    [
      /(?:已|已经|早|早就|刚|刚刚|刚才|昨天|昨晚|前天|上周|都|上午|早上).{0,8}(?:还|付|转|缴|交|结清|扣|汇)(?:款|清|完|上|了|过|掉|好|成功)*/,
      /(?:还|付|交|转|缴|打|扣|汇)(?:款)?(?:过|完|清|上|掉|好|成功)?了(?!.{0,3}(?:就|会|能|多久|再))|已(?:到账|pay|结清)|(?:昨天|前天|昨晚|上周).{0,3}(?:还|付|转|交)的|成功$|(?<!会)补上|还过|付过|结清了|扣款成功|已还|款已/,
      /\b(?:already|have|i've|was|been|it's|just) (?:\w+ )?(?:paid|settled|cleared|transferred|sent|debited|payed)|^paid|paid (?:it|in full|yesterday|off|this|last|on|via|the)|payment (?:made|sent|done|is done|was made)|(?:transferred|debited|deducted|cleared|settled)\b|(?:i )?sent the money|money sent/,
    ],
  ],
  [
    'promise',
    [
      new RegExp(`${DAY}.{0,8}${PAY}(?!.{0,6}(?:吗|\\?|可以|行不|行吗|了$))`),
      new RegExp(
        `(?:会|一定|保证|承诺|肯定|准时|尽快|马上)(?:在)?.{0,4}(?:${PAY}|处理)(?!.{0,4}(?:吗|\\?))`,
      ),
      /(?:i'll|i will|will|going to|gonna|i shall|promise to) (?:\w+ ){0,3}(?:pay|settle|clear|transfer|send|sort|do it|take care)|^paying|pay(?:ing)? (?:it |you )?(?:tomorrow|tonight|today|on |by |next)|give me .{0,20}(?:pay|tomorrow)/,
    ],
  ],
  [
    'cannot-pay',
    [
      /没(?:有)?钱|没得(?:钱|收入)|钱(?:都)?(?:不够|花光)|交不起|吃饭都|没法|没办法|(?:少|分).{0,2}(?:还|几期|期).{0,4}(?:点|吗|行)|不宽裕|(?:资金|经济|手头).{0,3}(?:紧|困难)|生意(?:失败|亏)|还不(?:起|上|了|出)|付不起|失业|没(?:有)?(?:工作|收入|能力)|下岗|裁员|被裁|辞退|困难|手头紧|周转|宽限|延期|缓(?:缓|几天|一缓)|减免|协商|分期.{0,6}(?:还|可以|吗)|破产|倒闭|住院|工资.{0,4}(?:没发|拖欠|拿不到)|欠薪|负担不起|无力|揭不开锅|只能还|先还.{0,4}(?:行|吗)|有钱(?:一定|就|再)/,
      /(?:can't|cannot|can not|cant|unable to|not able to|couldn't) (?:\w+ )?(?:pay|afford|make|manage)|no (?:money|income|job)|broke\b|lost my job|unemployed|laid off|struggl|extension|more time|instal?ments?|afford|between jobs|difficult|hardship|skint|don't have (?:it|the money)|sick|failed|not working|can pay .{0,12}only|only pay|haven't .{0,8}paid|when i have/,
    ],
  ],
  [
    'question',
    [
      /[?？]|吗$|吗[,。 ]|呢$|多少|怎么|怎样|如何|什么|哪(?:里|个|天|家|些|笔)|几(?:天|点|号|期|种)|咋|谁|能不能|可不可以|是不是|请问|啥|有没有|多久/,
      /^(?:how|what|when|where|who|which|why|can|could|is|will|do|does|am|are|may|should)\b|\?/,
    ],
  ],
]

/** The classes whose phrases a plain text holds, in the order of the classes. */
export function matchRules(plain: string): readonly Intent[] {
  return RULES.flatMap(([intent, patterns]) =>
    patterns.some((pattern) => pattern.test(plain)) ? [intent] : [],
  )
}
