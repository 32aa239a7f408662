@IP-40
Feature: No malformed phone number reaches Inlet

  Scenario: Numbers that are not valid
    Given a guest's stay was booked
    And the partner sends phone numbers
    When guests with malformed phone numbers book stays
    Then none of these numbers reached Inlet

  @afterwards
  Scenario: What followed until the end of the run
    Given the partner sends phone numbers
    And guests with malformed phone numbers booked stays
    Then none of these numbers reached Inlet
