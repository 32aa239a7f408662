@IP-01
Feature: Credentials are used as they were issued

  Scenario: In the header, and nowhere else
    Given a guest's stay was booked
    Then every call bore a credential that was issued, in its header
    And no credential stands in an address, another header or a body

  Scenario: Each customer's own
    Given the partner serves several customers
    And a guest of each customer booked a stay
    Then every call bore the credential of the customer whose lock it names

  Scenario: Not in what support is told
    Given the retry laboratory has run its course
    Then no credential stands in a message to support

  Scenario: Not in the log
    Given the partner hands its log in
    And a guest's stay was booked
    And the credential was refused while guests booked
    Then the log holds no credential
