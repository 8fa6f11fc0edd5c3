# A client of another maker (Debian libnet-smpp-perl) for the sandbox's short message centre: binds, submits
# two UCS-2 characters, and prints the message id and the receipt that comes back.
use strict;
use warnings;
use Net::SMPP;

my ($port) = @ARGV;
my ($link, $bound) = Net::SMPP->new_transceiver('127.0.0.1', port => $port, smpp_version => 0x34,
  system_id => 'perl', password => 'secret', interface_version => 0x34) or die "bind: $!";
die "bind refused" if !$bound || $bound->{status};
my $answer = $link->submit_sm(source_addr => '106900001', destination_addr => '8619900001234',
  data_coding => 8, registered_delivery => 1, short_message => "\x8f\xd8\x6b\x3e");
printf "%s\n", $answer->{message_id};
my $receipt = $link->read_pdu;
$link->deliver_sm_resp(seq => $receipt->{seq}, message_id => '');
printf "%s\n", $receipt->{short_message};
$link->unbind;
