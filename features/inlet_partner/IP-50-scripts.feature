@IP-50
Feature: Scripts never reach Inlet, harmless text does

  Scenario: Scripts and markup
    Given the partner sends what guests type as reference
    When guests whose texts hold scripts book stays
    Then no script and no markup reached Inlet

  Scenario: Harmless texts
    Given the partner sends what guests type as reference
    When guests with harmless texts book stays
    Then each of these texts reached Inlet unharmed

  @afterwards
  Scenario: What followed until the end of the run
    Given the partner sends what guests type as reference
    And guests whose texts hold scripts booked stays
    Then no script and no markup reached Inlet
