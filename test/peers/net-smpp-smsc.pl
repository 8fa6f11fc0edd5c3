# A short message centre of another maker (Debian libnet-smpp-perl) for one client: takes submits, prints
# each as JSON, answers with a receipt, and lets a phone write «R» after the first.
use strict;
use warnings;
use Net::SMPP;

$| = 1;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => 0, smpp_version => 0x34) or die "listen: $!";
print $listener->sockport, "\n";
my $link = $listener->accept or die "accept: $!";
$link->set_version(0x34);

my $count = 0;
while (my $pdu = $link->read_pdu) {
  if ($pdu->{cmd} == Net::SMPP::CMD_bind_transceiver) {
    $link->bind_transceiver_resp(system_id => 'perl', seq => $pdu->{seq});
  } elsif ($pdu->{cmd} == Net::SMPP::CMD_enquire_link) {
    $link->enquire_link_resp(seq => $pdu->{seq});
  } elsif ($pdu->{cmd} == Net::SMPP::CMD_unbind) {
    $link->unbind_resp(seq => $pdu->{seq});
    last;
  } elsif ($pdu->{cmd} == Net::SMPP::CMD_deliver_sm_resp) {
    printf qq({"acknowledged":%d}\n), $pdu->{status};
  } elsif ($pdu->{cmd} == Net::SMPP::CMD_submit_sm) {
    take($pdu);
  }
}

sub take {
  my ($pdu) = @_;
  $count += 1;
  my $id = sprintf 'p%04d', $count;
  my @of = map { $pdu->{$_} // '' } qw(destination_addr source_addr data_coding esm_class registered_delivery);
  printf qq({"to":"%s","from":"%s","coding":%d,"esm":%d,"receipt":%d,"hex":"%s","id":"%s"}\n),
    @of, unpack('H*', $pdu->{short_message}), $id;
  $link->submit_sm_resp(message_id => $id, seq => $pdu->{seq});
  if ($pdu->{registered_delivery}) {
    $link->deliver_sm(async => 1, source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr},
      esm_class => 4, data_coding => 0,
      short_message => "id:$id sub:001 dlvrd:001 submit date:2611240400 done date:2611240401 stat:DELIVRD err:000 text:");
  }
  if ($count == 1) {
    $link->deliver_sm(async => 1, source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr},
      esm_class => 0, data_coding => 8, short_message => "\xff\x32");
  }
}
